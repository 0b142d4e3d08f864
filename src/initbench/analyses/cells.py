"""Every cell of a study once, with what the label of its scheme says."""

from initbench.analyses import analysis
from initbench.analyses.scores import CELL_COLUMNS, frame_of
from initbench.base.columns import Column
from initbench.schemes import SCHEMES
from initbench.schemes.label import parse_scheme
from initbench.study.cells import CELL

PARAMETERS = (
    Column("name", str, "name of a parameter of the scheme"),
    Column("value", float, "its value, given in the label or the scheme's default; null if that is none"),
)
COLUMNS = (
    *CELL_COLUMNS,
    Column("scheme_name", str, "name of the scheme without its parameters"),
    Column("scheme_parameters", PARAMETERS, "its parameters, those that the label leaves out too; none if it takes none"),
    Column("trained", bool, "whether it was trained; else it was measured at initialisation only"),
)  # fmt: skip


def schemes_of(study) -> tuple:
    """The schemes of a study's cells, whose parameters have the names that the table says."""
    names = {parse_scheme(shard.cell.scheme).name for shard in study.shards}
    return tuple(SCHEMES[name] for name in sorted(names))


@analysis("cells", row="a cell", uses=schemes_of, columns=COLUMNS)
def cells(tables, settings):
    """Name and parameters of each cell's scheme, so that a table can be joined by `cell_id` and drawn over a parameter."""
    runs = tables.runs
    rows = []
    for key, cell in runs.groupby(CELL, observed=True):
        scheme = parse_scheme(key[CELL.index("scheme")])
        parameters = [{"name": name, "value": value} for name, value in scheme.arguments]
        row = {"scheme_name": scheme.name, "scheme_parameters": parameters}
        rows.append(dict(zip(CELL, key, strict=True)) | row | {"trained": bool((cell["status"] != "initial").any())})
    return frame_of(rows, COLUMNS)
