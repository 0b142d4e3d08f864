"""Study files: what is read as what, and what is refused with file, line and column."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from initbench.study.error import ConfigError
from initbench.study.reading import given_to_snakemake, study_files
from initbench.study.strict_yaml import read_file

BOMB = "a: &a [x, x]\n" + "".join(
    f"b{i + 1}: &b{i + 1} [*{f'b{i}' if i else 'a'}, *{f'b{i}' if i else 'a'}]\n" for i in range(60)
)
MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"b{i + 1}: &b{i + 1} {{<<: [{', '.join([f'*b{i}' if i else '*a'] * 8)}]}}\n" for i in range(60)
)
REFUSED = {
    "": "holds no keys",
    "# nothing\n": "holds no keys",
    "- digits\n": "a study is a mapping of keys to values, such as 'depths: [1, 3]'; this is a list",
    "just a word\n": "this is the single value 'just a word'",
    "seeds: 1\nwidths: [8]\nseeds: 2\n": "line 3, column 1: the key 'seeds' stands there twice",
    "training: {steps: 1, steps: 2}\n": "line 1, column 22: the key 'steps' stands there twice",
    "initial:\n  - depths: [1]\n    depths: [2]\n": "line 3, column 5: the key 'depths' stands there twice",
    "seeds: [1\n": "line 2, column 1: expected ',' or ']', but got '<stream end>' (while parsing a flow sequence from line 1)",
    "a: 1\ntitle: 'x\nb: 2\n": "(while scanning a quoted scalar from line 2)",
    "training:\n\tsteps: 1\n": "line 2, column 1: found character '\\t' that cannot start any token (while scanning for the next "
    "token); indent with spaces, not with tabs",
    "training:\n  steps: 1\n records: 2\n": "line 3, column 2: ",
    "title: a: b\n": "line 1, column 9: mapping values are not allowed here; put text with a colon in quotes",
    "a: 1\nb:2\nc: 3\n": "put a space after the colon of a key",
    "a: 1\n---\nb: 2\n": "but found another document (expected a single document in the stream from line 1); keep what",
    "a: *x\n": "line 1, column 4: found undefined alias 'x'",
    "? [a, b]\n: 1\n": "line 1, column 3: the key, a list or mapping, is not text",
    "5: 1\n": "line 1, column 1: the key 5 is not text",
    "null: 1\n": "line 1, column 1: the key null is not text",
    "a: !!python/object/apply:os.getcwd []\n": "column 4: the tag 'tag:yaml.org,2002:python/object/apply:os.getcwd' is not",
    "a: !mine x\n": "the tag '!mine' is not taken",
    "a: !!binary aGk=\n": "the tag 'tag:yaml.org,2002:binary' is not taken",
    "__use_yte__: true\ntitle: ?1\n": "__use_yte__: a study file is no template",
    "depths: &all [*all]\n": "line 1, column 15: the value of &all holds itself",
    BOMB: "a study of more than 20,000 values, its aliases written out",
    MERGE_BOMB: "a study of more than 20,000 values, its aliases written out",
    "a: " + "[" * 3000 + "]" * 3000: "lists and mappings lie too deep in one another",
    "a: " + "x" * 1_000_000: "is no study file: it is no regular file, or larger than 1 MB",
    "a: b\0c\n": "line 1: the character '\\x00' does not belong into UTF-8 text",
}
AMBIGUOUS = ["010", "-010", "0o10", "0x10", "0b11", "1_000", "0.1_5", "1:30", "190:20:30", "1:30.5", "007.5"]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:20])
def test_what_is_no_study_is_refused_with_its_place(text, tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(REFUSED[text])) as refused:
        read_file(path)
    assert "\n" not in str(refused.value)
    assert "study.yaml" in str(refused.value)


@pytest.mark.parametrize("value", AMBIGUOUS)
def test_a_number_that_can_be_read_in_two_ways_is_refused(value, tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(f"title: x\nseeds: {value}\n")
    with pytest.raises(
        ConfigError, match=re.escape(f"study.yaml, line 2, column 8: {value} is another number to some")
    ):
        read_file(path)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("5", 5), ("-5", -5), ("+5", 5), ("0", 0), ("2.0", 2.0), ("1e-3", 0.001), ("1.5E+2", 150.0), (".5", 0.5),
        ("true", True), ("null", None), ("~", None), ("", None), ("yes", "yes"), ("off", "off"), ("2024-01-01", "2024-01-01"),
        ("=", "="), ("'010'", "010"), ("1.2.3", "1.2.3"), ("tanh", "tanh"), ("[1, [a]]", [1, ["a"]]),
    ],
)  # fmt: skip
def test_numbers_are_those_of_json_and_words_are_text(value, read, tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(f"key: {value}\n")
    found = read_file(path)["key"]
    assert found == read
    assert type(found) is type(read)


def test_aliases_and_merges_may_be_used(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: &c {<<: *a, x: 4}\nd: {<<: *c}\n")
    assert read_file(path)["b"] == {"x": 1, "y": 3}
    assert read_file(path)["d"] == {"x": 4, "y": 2}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("seeds: 1\n".encode("utf-16"), "not UTF-8 text, but holds UTF-16; save it as UTF-8"),
        ("a: 1\ntitle: Größe\n".encode("latin-1"), "holds the byte 0xf6 on line 2"),
        (b"\x89PNG\r\n\x1a\n", "holds the byte 0x89 on line 1"),
    ],
)
def test_other_encodings_are_named(data, words, tmp_path):
    path = tmp_path / "study.yaml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=re.escape(words)):
        read_file(path)


def test_a_byte_order_mark_and_windows_lines_are_taken(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_bytes(b"\xef\xbb\xbfseeds: 1\r\nwidths: [8]\r\n")
    assert read_file(path) == {"seeds": 1, "widths": [8]}


def test_json_is_taken_with_its_tabs_and_checked_alike(tmp_path):
    path = tmp_path / "study.json"
    path.write_text('{"seeds": 2,\n\t"depths": [1]}')
    assert read_file(path) == {"seeds": 2, "depths": [1]}
    path.write_text('{"seeds": 2,\n"seeds": 3}')
    with pytest.raises(ConfigError, match=r"study\.json, line 2, column 1: the key 'seeds' stands there twice"):
        read_file(path)
    path.write_text('{"seeds": 2,\n')
    with pytest.raises(ConfigError, match=r"study\.json, line 2, column 1: "):
        read_file(path)


def test_a_path_that_is_no_file_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").touch()
    for path, words in (
        ("mien.yaml", "there is no study file 'mien.yaml' in .* \\(did you mean 'mine.yaml'\\?\\)"),
        (".", "'.' is a folder; give a study file"),
        ("a\0b", "there is no study file"),
        ("a" * 300, "cannot be read: File name too long"),
        ("/dev/null", "'/dev/null' is no study file"),
    ):
        with pytest.raises(ConfigError, match=words):
            read_file(path)


def test_the_command_line_stands_over_the_study_files_and_these_over_each_other(tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("seeds: 1\ntraining: {steps: 1, records: 2}\n")
    two.write_text("seeds: 2\ntraining: {steps: 3}\n")
    values = {"study": str(two), "training": {"momentum": "0.5"}}
    files = study_files([one], values)
    assert files == [one, str(two)]
    assert given_to_snakemake(files, values) == {
        "seeds": 2,
        "training": {"steps": 3, "records": 2, "momentum": "0.5"},
    }
    assert study_files([], {}) == ["config.yaml"]
    with pytest.raises(ConfigError, match="study: 5 is not the path of a study file"):
        study_files([], {"study": 5})


@pytest.mark.pipeline
def test_a_study_file_runs_no_code(tmp_path):
    root = Path(__file__).parents[2]
    study = tmp_path / "study.yaml"
    study.write_text(f"__use_yte__: true\ntitle: ?open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    for arguments in (["--configfile", study], ["--config", f"study={study}"]):
        done = subprocess.run(
            [Path(sys.executable).with_name("snakemake"), "--dry-run", *arguments],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "initbench: study.yaml: __use_yte__: a study file is no template" in done.stderr
        assert done.returncode == 1
        assert not (tmp_path / "ran").exists()
