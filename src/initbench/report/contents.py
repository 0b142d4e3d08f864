"""The table of contents: the sections of the report in order, each with its figures, and the claims in the order of their themes.

What an extension registers comes after what is listed here, in the order of loading, a figure in the section it names.
"""

from collections.abc import Collection

from initbench.base.registry import Registry
from initbench.claims import CLAIMS, Claim
from initbench.claims.themes import CLAIMS_IN_ORDER
from initbench.figures import FIGURES, Figure
from initbench.replications import REPLICATIONS, check_replication
from initbench.report.sections import SECTIONS, Section

CONTENTS = {  # section → its figures
    "replication": (),  # those of the study's replication
    "answer": (),
    "zeros": ("units_parting", "width_equivalence", "constant_factor"),
    "depth": (
        "backward_signal",
        "factor_outcome",
        "activation_spread",
        "saturated_dead",
        "input_correlation",
        "loss_at_start",
    ),
    "width": ("width_scaling", "width_rates"),
    "choose": ("time_to_train", "test_accuracy", "learning_curves", "further_starts"),
    "claims": (),
    "sure": ("pair_matrix", "critical_difference"),
    "theory": ("phase_diagram", "theory_signal"),
    "data": (),
}


def sections_in_order() -> list[Section]:
    """All sections in the order of the page."""
    return [SECTIONS[name] for name in _in_order(SECTIONS, CONTENTS)]


def claims_in_order() -> list[Claim]:
    """All claims in the order of the report."""
    return [CLAIMS[name] for name in _in_order(CLAIMS, CLAIMS_IN_ORDER)]


def figures_in_order(replication: str | None = None) -> list[Figure]:
    """The figures of a study, and of its replication if it is one, in the order of the report.

    Raises ValueError for a figure that names no section, or one that there is not.
    """
    if replication is not None:
        _ = REPLICATIONS[replication]  # its module registers its figures
    found = [FIGURES[name] for name in _in_order(FIGURES, [name for names in CONTENTS.values() for name in names])]
    shown = [figure for figure in found if figure.replication in (None, replication)]
    sections = [section.name for section in sections_in_order()]
    return sorted(shown, key=lambda figure: sections.index(section_of(figure, sections)))


def find_figure(name: str, replication: str | None = None) -> Figure:
    """A figure of a study, by its name; it needs nothing else that the study's extensions add."""
    if replication is not None:
        _ = REPLICATIONS[replication]  # its module registers its figures
    return FIGURES[name]


def section_of(figure: Figure, sections: list[str]) -> str:
    """The section that shows a figure."""
    listed = (section for section, names in CONTENTS.items() if figure.name in names)
    section = next(listed, figure.section)
    if section not in sections:
        raise ValueError(f"figure {figure.name!r}: there is no section {section!r}; there are: {', '.join(sections)}")
    return section


def check_contents(tables: Collection[str], replication: str | None) -> None:
    """Raise ValueError, in one line, if a study cannot have a report as declared.

    That is: for a replication or a section that there is not, and where a figure or section reads a table that there is not.
    """
    check_replication(replication)
    declared = [("figure", figure) for figure in figures_in_order(replication)]
    for kind, thing in [*declared, *(("section", section) for section in sections_in_order())]:
        for name in thing.tables:
            if name not in tables:
                raise ValueError(
                    f"{kind} {thing.name!r}: there is no table {name!r}; there are: {', '.join(sorted(tables))}"
                )


def _in_order(registry: Registry, listed) -> list[str]:
    """The names listed, then all others in the order of their registration."""
    known = set(registry)
    return [*listed, *(name for name in registry.registered() if name in known and name not in listed)]
