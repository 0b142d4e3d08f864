"""The claims under test, one function a claim: in which cells of the study does it hold?

`@claim` names a claim, the figure that shows it and the thresholds that its rule names; the function below applies the rule
to the tables and returns a `CellVerdict` for every cell it can judge, with what it measured there as named quantities.
Statement, rule and sources stand in the catalogue of words, in every language; a claim of an extension brings its own.
`initbench.claims.verdicts.judge` turns the cells of all claims into the tables `claims` and `claim_cells`: verdicts and
conditions are computed there, the same way for every claim. The order of the claims stands in initbench.claims.themes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from initbench.base.registry import Registry
from initbench.claims.tables import Quantity
from initbench.claims.texts import Texts, texts_of

CLAIMS = Registry("claim", "initbench.claims", takes=("tables",), dashes=True)


@dataclass(frozen=True)
class CellVerdict:
    """Whether a claim holds in one cell: `cell` maps axes to values, `number` is the endpoint.

    holds: None where the runs cannot tell; such a cell is quoted, and not counted. measured: what was measured there, as
    initbench.claims.quantities makes it, what decides first.
    """

    cell: Mapping[str, object]
    holds: bool | None
    number: float
    measured: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A declared claim. `function(tables)` gives its verdict cell by cell, none where the study lacks the cells.

    texts: language → statement, rule and where it is claimed. figure: the name in initbench.figures of the one that shows it,
    if there is one.
    """

    id: str
    function: Callable
    texts: Mapping[str, Texts]
    figure: str | None = None


def claim(
    id: str,
    *,
    figure: str | None = None,
    values: Mapping[str, object] | None = None,
    statement: str | None = None,
    rule: str | None = None,
    claimed_in: str | None = None,
    statement_zh: str | None = None,
    rule_zh: str | None = None,
    claimed_in_zh: str | None = None,
):
    """Register the decorated function as the claim `id`.

    Texts of the package's claims stand in the catalogue, `claims.<id>`; a claim of an extension gives its own: statement and
    rule, the others if it likes.

    Args:
        id: Of the claim: lower-case words with hyphens.
        figure: Name of a figure that shows it.
        values: What is filled into the texts of the catalogue.
        statement: The claim, one sentence.
        rule: By which it is judged, in words: cells, endpoint, threshold.
        claimed_in: Where it is claimed.
        statement_zh: The same in Chinese.
        rule_zh: The same in Chinese.
        claimed_in_zh: The same in Chinese.

    Returns:
        A decorator of `function(tables)`, which is given the study's tables (initbench.tables.views.Tables, with runs,
        history, signal and layers) and returns a list of `CellVerdict`.

    Raises:
        ValueError: For a claim without texts.
    """
    given = {"en": Texts(statement, rule, claimed_in), "zh": Texts(statement_zh, rule_zh, claimed_in_zh)}
    texts = texts_of(id, given, values or {})
    return CLAIMS.register(id, lambda function: Claim(id, function, texts, figure))
