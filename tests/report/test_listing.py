"""What Snakemake's report lists: every figure that is shown, in both languages, and every table, each with its text."""

import json

import docutils.core
import jinja2
import pytest

from initbench.report.contents import figures_in_order
from initbench.report.listing import TOO_LARGE, listed, plain, write_captions

SAYS = {"title": "Zeros reach 10 % & {{ no }} *more*", "caption": "Mean of 10 seeds; δ²_1 | `x`_ <b>", "alt": ""}


def rendered(text: str) -> str:
    """The text as Snakemake shows it: Jinja, then docutils."""
    made = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(text).render()
    return docutils.core.publish_parts(made, writer="html", settings_overrides={"halt_level": 2})["body"]


@pytest.fixture
def drawn(tmp_path):
    """A folder of results in which every other figure has something to show."""
    (tmp_path / "figures").mkdir()
    for place, figure in enumerate(figures_in_order()):
        said = {"shown": place % 2 == 0, "width": "column", "en": SAYS, "zh": SAYS | {"title": "零初始化只有 10 %"}}
        (tmp_path / f"figures/{figure.name}.json").write_text(json.dumps(said), encoding="utf-8")
    return tmp_path


def test_shown_figures_stand_under_their_sections_numbered_once_for_both_languages(drawn):
    shown = [figure.name for figure in figures_in_order()][::2]
    figures = [each for each in listed(drawn, None) if each.category == "Figures"]
    assert [each.path.name for each in figures] == [f"{name}.{tag}.svg" for name in shown for tag in ("en", "zh")]
    assert [each.labels["figure"] for each in figures[::2]] == [f"{n:02} {name}" for n, name in enumerate(shown, 1)]
    # two values, each of one half of the list: Snakemake shows them as a switch
    assert {each.labels["language"] for each in figures} == {"English", "中文"}
    assert [each.labels["figure"] for each in figures[::2]] == [each.labels["figure"] for each in figures[1::2]]
    assert [each.subcategory for each in figures] == sorted(each.subcategory for each in figures)


def test_a_text_says_what_the_figure_says_and_nothing_else_happens(drawn):
    figure = next(each for each in listed(drawn, None) if each.category == "Figures")
    write_captions([figure], drawn / "captions")
    html = rendered(figure.caption(drawn / "captions").read_text(encoding="utf-8"))
    assert "<strong>Zeros reach 10 % &amp; {{ no }} *more*</strong>" in html
    assert "δ²_1 | `x`_ &lt;b&gt;" in html
    assert (
        rendered(plain("{% raw %} {# x #}\n\n<script> 中文，、"))
        == "<p>{% raw %} {# x #} &lt;script&gt; 中文，、</p>\n"
    )


def test_all_tables_but_the_largest_are_listed_with_their_columns(drawn):
    tables = {each.path.stem: each for each in listed(drawn, None) if each.category == "Tables"}
    assert {"runs", "best", "claims", "choices", "theory"} <= set(tables)
    assert not set(TOO_LARGE) & set(tables)
    assert "<strong>test_accuracy</strong> (share): share right on the test split" in rendered(tables["runs"].text)
    assert all(rendered(each.text) for each in tables.values())


def test_figures_that_are_not_drawn_are_not_listed(tmp_path):
    assert {each.category for each in listed(tmp_path, None)} == {"Page", "Tables"}
