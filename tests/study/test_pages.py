"""What is written from the models of the configuration: one truth for defaults, schema, default study and docs."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from initbench.study import pages
from initbench.study.cells import Training
from initbench.study.default_study import VALUES
from initbench.study.grid import load_study
from initbench.study.thresholds import Thresholds


def test_the_default_study_file_says_what_its_values_say():
    text = pages.default_study()
    assert yaml.safe_load(text) == VALUES
    assert max(map(len, text.splitlines())) <= 120
    keys = [line for line in text.split("further:")[0].splitlines() if re.match(r" *[a-z_]+:", line)]
    assert all(re.search(r"  *# .{6}", line) for line in keys)


def test_every_shipped_study_begins_with_the_schema_by_which_editors_check_it():
    studies = [
        Path("config.yaml"),
        *Path("workflow/studies").glob("*.yaml"),
        *Path("src").glob("**/replications/*/study.yaml"),
    ]
    assert len(studies) > 10
    checked = jsonschema.Draft202012Validator(json.loads(pages.schema()))
    for path in studies:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"{pages.schema_line(str(path.parent))}\n"), path
        named = (path.parent / text.partition("\n")[0].partition("$schema=")[2]).resolve()
        assert named == Path(pages.SCHEMA).resolve()
        assert not list(checked.iter_errors(yaml.safe_load(text))), path


def test_an_empty_study_trains_and_judges_by_the_defaults_of_the_python_objects():
    study = load_study({})
    assert study.training == Training()
    assert study.thresholds == Thresholds()


@pytest.mark.parametrize(
    "study", [{}, VALUES, {"training": {"batch_size": "all"}}, {"seeds": 0}, {"training": {"x": 1}}]
)
def test_the_schema_for_editors_agrees_with_what_is_taken(study):
    schema = json.loads(pages.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = not list(jsonschema.Draft202012Validator(schema).iter_errors(study))
    assert valid == ("x" not in str(study.get("training")) and study.get("seeds") != 0)


def test_the_page_names_every_key_once_with_what_it_may_be():
    schema = json.loads(pages.schema())
    names = ("TrainingConfig", "ThresholdsConfig", "OwnFile", "OpenML")
    parts = [schema, *(schema["$defs"][name] for name in names)]
    rows = re.findall(r"^\| `([a-z0-9_]+)` \| [^|]+ \|", pages.page(), re.MULTILINE)
    assert sorted(rows) == sorted(key for part in parts for key in part["properties"])
