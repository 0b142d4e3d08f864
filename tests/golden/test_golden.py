"""What the tables hold does not change by accident: the golden studies give the recorded bytes."""

import json
import os

import pytest
from golden_tables import RECORD, compare, differences, elsewhere, environment


@pytest.mark.golden
def test_the_golden_tables_are_the_recorded_ones():
    kept = json.loads(RECORD.read_text(encoding="utf-8"))
    if other := elsewhere(kept["environment"], environment()):
        pytest.skip("recorded in another environment: " + "; ".join(other))
    assert compare(os.cpu_count() or 1) == []


def test_a_table_that_differs_is_named():
    recorded = {"runs": "a", "layers": "b", "theory": "c"}
    found = {"runs": "a", "layers": "B", "claims": "d"}
    assert differences(recorded, found, "schemes") == [
        "schemes/claims: not recorded", "schemes/layers: differs", "schemes/theory: missing",
    ]  # fmt: skip


def test_another_environment_is_named():
    here = environment()
    assert elsewhere(here, here) == []
    assert elsewhere(here | {"kernel": "SkylakeX"}, here) == ["kernel: recorded SkylakeX, here Haswell"]
