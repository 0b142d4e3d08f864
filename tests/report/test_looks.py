"""The record of how often a study was looked at."""

import pytest

from initbench.base.catalogue import Words
from initbench.report.looks import looks_text, record_look
from initbench.study.grid import load_study


def test_a_look_is_a_number_of_seeds_that_was_not_seen_before(tmp_path):
    path = str(tmp_path / "looks.json")
    for seeds in (6, 6, 10, 6, 15):
        looks = record_look(path, {"seeds": seeds, "further": []})
    assert looks == [[6], [10], [15]]
    assert record_look(path, {"seeds": 15, "further": [{"widths": [2]}, {"seeds": 30}]})[-1] == [30, 15]


@pytest.mark.parametrize("damage", [lambda text: "", lambda text: text[:9], lambda text: text.replace("6", "7", 1)])
def test_a_damaged_record_is_put_aside_and_named_and_blocks_no_report(tmp_path, capfd, damage):
    path = tmp_path / "looks.json"
    record_look(str(path), {"seeds": 6, "further": []})
    damaged = damage(path.read_text())
    path.write_text(damaged)
    assert record_look(str(path), {"seeds": 10, "further": []}) == [[10]]
    assert (tmp_path / "looks.json.damaged").read_text() == damaged
    assert "looks.json is not as it was written" in capfd.readouterr().err
    assert record_look(str(path), {"seeds": 11, "further": []}) == [[10], [11]]


def test_more_looks_than_were_planned_are_named():
    words = Words("en", "sections.data")
    assert looks_text([[10]], 1, words).endswith("as often as the key looks says: 1.")
    assert "looked at 2 times" not in looks_text([[6], [10]], 3, words)
    many = looks_text([[6], [10, 30], [15]], 2, words)
    assert "6, 10 and 30, 15 scoring seeds" in many
    assert "They were looked at 3 times" in many


def test_looks_are_a_key_of_the_study_and_change_no_run():
    from initbench.analyses import Settings
    from initbench.study.signatures import made_from

    once, thrice = load_study({}), load_study({"looks": 3})
    assert (Settings.of(once).looks, Settings.of(thrice).looks) == (1, 3)
    assert made_from(once, once.shards[0]) == made_from(thrice, thrice.shards[0])
