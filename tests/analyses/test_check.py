"""What is said of an analysis that cannot work, when it is declared or when it is tried out."""

import pandas as pd
import pytest

from initbench.analyses import Analysis, analysis
from initbench.analyses.check import check
from initbench.base.columns import Column

LOSS = Column("loss", float, "a loss")


def declared(function, columns=(LOSS,), reads=("runs",), settings=()):
    return Analysis("mine", "a row", columns, function, reads, settings, lambda study: (), "mine")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (declared(lambda tables: None), r"analysis mine takes \(tables\)"),
        (declared(lambda tables, settings: None, columns=()), "declares no columns"),
        (declared(lambda tables, settings: None, columns=(LOSS, LOSS)), "declares the column 'loss' twice"),
        (declared(lambda tables, settings: pd.DataFrame({"other": []})), "of a study without runs: .*loss"),
        (
            declared(lambda tables, settings: tables.read("layers")),
            "the table 'layers' was not asked for; there are: runs",
        ),
        (declared(lambda tables, settings: settings.reference), "no attribute 'reference'"),
        (declared(lambda tables, settings: tables.runs.loc[0]), "of a study without runs: KeyError"),
    ],
)
def test_a_faulty_analysis_is_named_with_what_is_wrong(entry, message):
    with pytest.raises(ValueError, match=message):
        check("mine", entry)


def test_it_is_tried_out_with_what_it_declares():
    check("mine", declared(lambda tables, settings: pd.DataFrame({"loss": [settings.rope]}), settings=("rope",)))


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ({"reads": ("best",)}, "no table is named 'best'; there are: runs, history, signal, layers, splits"),
        ({"settings": ("alpha",)}, "no setting is named 'alpha'; there are: reference, rope"),
    ],
)
def test_a_declaration_names_what_there_is(declaration, message):
    with pytest.raises(ValueError, match=message):
        analysis("mine", row="a row", columns=(LOSS,), **declaration)


def test_the_names_of_the_measured_tables_are_taken():
    with pytest.raises(ValueError, match="there is a table of that name already"):
        analysis("runs", row="a row", columns=(LOSS,))
