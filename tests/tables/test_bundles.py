"""A job's shards as one file: the same shards on the other side, the same bytes each time."""

import zipfile

import pytest

from initbench.base.files import DamagedError
from initbench.tables.bundles import pack, unpack


@pytest.fixture
def shards(tmp_path):
    paths = [tmp_path / "here/shards" / cell / "scoring-0.parquet" for cell in ("b", "a")]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_text(path.parent.name)
    return [str(path) for path in paths]


def test_shards_arrive_as_they_were_in_a_bundle_of_the_same_bytes(shards, tmp_path):
    pack(shards, str(tmp_path / "here"), str(tmp_path / "one.zip"))
    pack(shards[::-1], str(tmp_path / "here"), str(tmp_path / "two.zip"))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    unpack([str(tmp_path / "one.zip")], str(tmp_path / "there"))
    assert (tmp_path / "there/shards/a/scoring-0.parquet").read_text() == "a"
    assert (tmp_path / "there/shards/b/scoring-0.parquet").read_text() == "b"


@pytest.mark.parametrize("size", [0, 10, 100])
def test_a_bundle_that_is_cut_off_is_named(shards, tmp_path, size):
    bundle = tmp_path / "cut.zip"
    pack(shards, str(tmp_path / "here"), str(bundle))
    bundle.write_bytes(bundle.read_bytes()[:size])
    with pytest.raises(DamagedError, match=r"cut\.zip is damaged"):
        unpack([str(bundle)], str(tmp_path / "there"))


def test_a_bundle_writes_nothing_outside_the_results(tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../../outside", "x")
    unpack([str(tmp_path / "evil.zip")], str(tmp_path / "there/results"))
    assert not (tmp_path / "outside").exists()
