"""Both languages have the same keys and ask for the same values; numbers are written as people read them."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initbench.base.catalogue import LANGUAGES, Words, catalogue, words_behind
from initbench.base.numbers import number, percent, signed

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(language):
    """Every key with its text, sections joined by dots."""

    def walk(part, name):
        for key, value in part.items():
            where = f"{name}.{key}" if name else key
            yield from walk(value, where) if isinstance(value, dict) else [(where, value)]

    return dict(walk(catalogue(language), ""))


def fields(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_both_languages_have_the_same_keys():
    english, chinese = (texts(language) for language in LANGUAGES)
    assert sorted(english) == sorted(chinese)


def test_both_languages_fill_in_the_same_values():
    english, chinese = (texts(language) for language in LANGUAGES)
    assert {key: fields(text) for key, text in english.items()} == {key: fields(text) for key, text in chinese.items()}


def test_no_text_is_empty_and_english_holds_no_chinese():
    assert all(text.strip() or key == "terms.space" for language in LANGUAGES for key, text in texts(language).items())
    assert [key for key, text in texts("en").items() if CHINESE.search(text)] == []


def test_a_missing_key_is_named_with_its_section_and_language():
    with pytest.raises(KeyError, match=r"terms\.nonsense is missing in zh\.toml"):
        Words("zh")("nonsense")


def test_names_that_the_catalogue_lacks_stand_for_themselves():
    assert Words("zh").term("he_normal") == "he_normal"
    assert Words("en").term("depth") == "hidden layers"


def test_lists_are_joined_as_each_language_does():
    assert Words("en").joined(["a", "b", "c"]) == "a, b and c"
    assert Words("zh").joined(["a", "b"]) == "a 和 b"
    assert Words("en").joined(["a"], "or") == "a"
    assert Words("zh").joined(["a（1）", "b（2）"]) == "a（1）和 b（2）"


def test_chinese_has_no_spaces_between_its_own_characters_whatever_is_filled_in():
    axis = Words("zh", "claims.conditions")
    assert [axis("is", axis="数据集", value=value) for value in ("digits", "手写数字")] == [
        "数据集为 digits",
        "数据集为手写数字",
    ]
    assert Words("zh").term("space") == ""


def test_other_words_are_another_digest():
    assert words_behind("figures") == words_behind("figures") != words_behind("claims", "page")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (11160, "11,160"), (-3, "−3"), (0.0345, "0.0345"), (0.5, "0.500"), (5.9e-23, "5.9 × 10⁻²³"), (1e-7, "10⁻⁷"),
        (-1e-7, "−10⁻⁷"), (65431.6, "65,400"), (1.0, "1"), (float("nan"), ""), (None, ""), (float("-inf"), "−∞"), (0.0, "0"),
        (0.99999, "1.00"), (9.9999e-4, "0.00100"), (3e7, "3 × 10⁷"),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert number(value) == text


def test_a_sentence_writes_no_zeros_at_the_end_of_a_number():
    assert [number(value, pad=False) for value in (0.01, 0.5, 20.0, 1.25, 65431.6)] == [
        "0.01",
        "0.5",
        "20",
        "1.25",
        "65,400",
    ]


@given(st.floats(-1e300, 1e300))
def test_a_number_says_its_value_to_three_digits(value):
    text = number(value).replace("−", "-").replace(",", "")
    power = re.fullmatch(r"(-?)(?:([\d.]+) × )?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if power:
        sign, front, raised = power.groups()
        text = f"{sign}{front or 1}e{raised.translate(str.maketrans('⁻⁰¹²³⁴⁵⁶⁷⁸⁹', '-0123456789'))}"
    assert float(text) == pytest.approx(value, rel=5.1e-3, abs=0)


@given(st.floats(-1, 1))
def test_shares_and_differences_have_true_minus_signs(value):
    assert "-" not in percent(value) + signed(value, 2)
    assert signed(-0.001, 2) == "0.00"
