"""Findings are data: their sentences are made in every language, from one catalogue, with every number that they ask for."""

import string

import pytest

from initbench.base.catalogue import LANGUAGES, catalogue
from initbench.replications import REPLICATIONS, Finding, Replication
from initbench.replications.said import by_depth, filled, listed, named, say, sentences, texts_of
from initbench.report.page import section_as_html
from initbench.report.sections import SECTIONS
from initbench.tables.views import Tables

TEXTS = {
    "paper": "Somebody <2026>",
    "consequence": "None.",
    "scaling": {"width": {"what": "width", "there": "1,000", "here": "<64>"}},
    "trains": {
        "claim": "Networks train",
        "published": "All of them.",
        "measured": "{share:.0%} <of> them.",
        "rule": "all train",
    },
}


@pytest.mark.parametrize("name", sorted(REPLICATIONS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_replication_says_what_it_repeats_and_what_it_changes(name, language):
    own, _ = texts_of(name, None, language)
    assert own["paper"]
    assert own["consequence"]
    assert all(set(row) == {"what", "there", "here"} for row in own["scaling"].values())
    findings = [part for key, part in own.items() if isinstance(part, dict) and key != "scaling"]
    assert len(findings) >= 3
    assert all({"claim", "published", "measured", "rule"} <= set(part) for part in findings)


def test_lists_and_phrases_are_made_in_each_language():
    values = {"numbers": listed([named([("a", 0.5)]), by_depth({10: say("never")})], between="semicolon")}
    made = {language: filled(values["numbers"], texts_of("he2015", None, language)) for language in LANGUAGES}
    assert made == {"en": "a: 0.5; depth 10: never", "zh": "a：0.5；10 个隐藏层：从未达到"}
    assert filled(listed([]), texts_of("he2015", None, "en")) == "no such networks"


def test_numbers_have_true_signs_and_a_missing_text_is_named():
    places = texts_of("mine", {"en": TEXTS | {"low": "{value:+.2f}, {share:.0%}, {missing:.1f}"}}, "en")
    assert filled(say("low", value=-0.5, share=0.25, missing=float("nan")), places) == "−0.50, 25\u202f%, –"
    with pytest.raises(KeyError, match="nothing is missing"):
        filled(say("nothing"), places)


@pytest.fixture
def mine():
    found = Replication("mine", lambda tables: [Finding("trains", "reproduced", {"share": 0.5})], {"en": TEXTS})
    REPLICATIONS.add("mine", found)
    yield found
    REPLICATIONS.forget(["mine"])


def test_a_replication_of_ones_own_gives_its_texts_and_is_text_on_the_page(mine):
    section, study = SECTIONS["replication"], {"config": {"replication": mine.name}}
    tables = Tables(dict.fromkeys(section.tables, "read by nobody"))
    pages = {language: section_as_html(section, tables, study, language) for language in LANGUAGES}
    assert "Of 1 published findings: 1 reproduced, 0 in part, 0 not reproduced." in pages["en"]
    for page in pages.values():
        assert "50\u202f% &lt;of&gt; them." in page
        assert "Somebody &lt;2026&gt;" in page
        assert "&lt;64&gt;" in page


def test_texts_ask_for_fields_by_name_alone():
    def walk(part):
        for value in part.values():
            yield from walk(value) if isinstance(value, dict) else [value]

    for language in LANGUAGES:
        for text in walk(catalogue(language)["replications"]):
            assert all(field is None or field.isidentifier() for _, field, _, _ in string.Formatter().parse(text))


def test_a_finding_in_words_has_its_four_texts():
    places = texts_of("mine", {"en": TEXTS}, "zh")
    assert sentences("trains", {"share": 1.0}, places) == {
        "claim": "Networks train", "published": "All of them.", "measured": "100\u202f% <of> them.", "rule": "all train",
    }  # fmt: skip
