"""What the cells of a claim say together, in a few sentences: in how many it holds, and the decisive number at both ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from initbench.base.catalogue import Words
from initbench.base.numbers import exact
from initbench.claims import CellVerdict
from initbench.claims.quantities import number
from initbench.claims.tables import Quantity
from initbench.claims.words import cell_in_words, quantity_in_words, quantity_name, quantity_parts, value_name

NAMED_IF_SEVERAL = ("architecture", "optimizer")  # axes that words leave out where the study has one value


@dataclass(frozen=True)
class Setting:
    """What a study has one of, and its learning rates, for the sentences on its cells."""

    constant: frozenset[str] = frozenset()
    rates: tuple[float, ...] = ()


def setting_of(tables) -> Setting:
    """The setting of a study, from its runs."""
    runs = tables.runs
    constant = frozenset(axis for axis in NAMED_IF_SEVERAL if runs[axis].nunique() <= 1)
    return Setting(constant, tuple(sorted(runs["learning_rate"].dropna().unique().tolist())))


def told(cells: Iterable[CellVerdict]) -> list[CellVerdict]:
    """The cells in which a claim holds or fails."""
    return [found for found in cells if found.holds is not None]


def evidence_of(cells: Sequence[CellVerdict], language: str, setting: Setting = Setting(), twice: int = 0) -> str:
    """The sentences on the counted cells of a claim; twice: cells that are the network of one of them."""
    words = Words(language, "claims.evidence")
    if not cells:
        return words("none")
    judged = told(cells)
    untold = len(cells) - len(judged)
    sentences = [
        _counts(cells, words, setting) if judged else words("all_untold", n=untold),
        _by_start(judged, words),
        _ends(cells, words, setting),
        _trained(cells, words, setting),
        words("untold", n=untold) if untold and judged else "",
        words("twice", n=twice) if twice else "",
    ]
    return words.of("terms")("space").join(sentence for sentence in sentences if sentence)


def counts_of(cells: Iterable[CellVerdict]) -> tuple[int, int]:
    """(cells in which a claim holds, cells in which it holds or fails)."""
    holds = [bool(found.holds) for found in told(cells)]
    return sum(holds), len(holds)


def _counts(cells: Sequence[CellVerdict], words: Words, setting: Setting) -> str:
    holding, judged = counts_of(cells)
    where = cell_in_words(_common(cells, setting), words.language)
    key = "counts_none" if not holding else "counts_all" if holding == judged else "counts"
    return words(key, holding=holding, cells=judged, where=words("where", where=where) if where else "")


def _common(cells: Sequence[CellVerdict], setting: Setting) -> dict:
    """Where all cells stand alike."""
    first = cells[0].cell
    return {
        axis: value
        for axis, value in first.items()
        if axis not in setting.constant and all(found.cell.get(axis) == value for found in cells)
    }


def _by_start(cells: Sequence[CellVerdict], words: Words) -> str:
    """In how many cells of each kind of start, where there are several."""
    kinds = sorted({str(start) for found in cells if (start := found.cell.get("start"))}, reverse=True)
    if len(kinds) < 2:
        return ""
    counts = [(kind, counts_of(found for found in cells if found.cell.get("start") == kind)) for kind in kinds]
    starts = Words(words.language)("comma").join(
        words("of_start", start=value_name("start", kind, words.language), holding=holding, cells=judged)
        for kind, (holding, judged) in counts
    )
    return words("by_start", starts=starts)


def _ends(cells: Sequence[CellVerdict], words: Words, setting: Setting) -> str:
    """The decisive quantity of the cells at both ends of the endpoint's range."""
    ordered = sorted(cells, key=lambda found: found.number)
    low, high = ordered[0], ordered[-1]
    quantity = quantity_name(decisive(low).name, words.language)
    if len({quantity_in_words(decisive(found), words.language) for found in cells}) == 1:
        return words("same", quantity=quantity, value=quantity_in_words(decisive(low), words.language))
    values = [quantity_parts(decisive(found), words.language)[0] for found in (low, high)]
    left_out = {*_common(cells, setting), *setting.constant}
    places = [_place(found.cell, left_out, words.language) for found in (low, high)]
    return words("ends", quantity=quantity, low=values[0], low_cell=places[0], high=values[1], high_cell=places[1])


def _place(cell: Mapping, left_out: set[str], language: str) -> str:
    return cell_in_words({axis: value for axis, value in cell.items() if axis not in left_out}, language)


def decisive(found: CellVerdict) -> Quantity:
    """The first quantity of a cell, or its number where nothing else was measured."""
    return found.measured[0] if found.measured else number("number", found.number)


def _trained(cells: Sequence[CellVerdict], words: Words, setting: Setting) -> str:
    """For how many updates and at which learning rates the cells were trained, where all were alike."""
    updates, rate = ({found.cell.get(key) for found in cells} for key in ("updates", "rate"))
    if len(updates) > 1 or len(rate) > 1 or updates == {None} or not setting.rates:
        return ""
    *first, last = map(exact, setting.rates)
    rates = Words(words.language)("comma").join(first) + words("and") + last if first else last
    return words(str(*rate), updates=updates.pop(), rates=rates)
