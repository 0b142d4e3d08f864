"""How a run ends on the screen."""

import pytest

from initbench.base.files import write_json
from initbench.report.ending import ending


@pytest.fixture
def results(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report/index.html").write_text("<html>")
    return tmp_path


def test_it_names_the_report_and_gives_the_first_three_sentences_of_the_answer(results):
    write_json(
        {"en": ["One.", "Two.", "Three.", "What it cannot say."], "zh": ["一。"]}, results / "report/answer.json"
    )
    assert ending(results).splitlines() == [
        f"The report: {results}/report/index.html",
        "",
        "One.",
        "",
        "Two.",
        "",
        "Three.",
    ]
    assert ending(results, "zh").splitlines()[-1] == "一。"


def test_a_study_that_answers_nothing_ends_with_its_report(results):
    write_json({"en": [], "zh": []}, results / "report/answer.json")
    assert ending(results) == f"The report: {results}/report/index.html"


def test_without_a_report_nothing_is_said(tmp_path):
    assert ending(tmp_path) == ""


def test_a_damaged_answer_does_not_hide_the_report(results):
    (results / "report/answer.json").write_text("{")
    assert ending(results) == f"The report: {results}/report/index.html"
