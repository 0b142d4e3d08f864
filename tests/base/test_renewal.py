"""Only what is out of date is made again, by content, and what could not be made is tried again."""

import os
import shutil

import pytest

from initbench.base.renewal import Product, digest, entries, file_digest, out_of_date, record, renew


def product(folder, name, basis, inputs=(), record="record"):
    return Product(
        f"{folder}/{record}.json", name, (f"{folder}/{name}",), basis, tuple(f"{folder}/{i}" for i in inputs)
    )


def renewed(folder, made_from, broken=()):
    """The names that are made, each a file with its own name in it; of `broken` none can be made."""
    made = []

    def make(name):
        made.append(name)
        if name in broken:
            return None
        (folder / name).write_text(name)
        return [file_digest(folder / name)]

    renew([product(folder, name, basis) for name, basis in made_from.items()], make)
    return made


def test_what_is_new_changed_broken_or_missing_is_made(tmp_path):
    assert renewed(tmp_path, {"a": "1", "b": "1"}) == ["a", "b"]
    assert renewed(tmp_path, {"a": "1", "b": "1"}) == []
    assert renewed(tmp_path, {"a": "1", "b": "2"}) == ["b"]
    (tmp_path / "a").write_text("something else")
    assert renewed(tmp_path, {"a": "1", "b": "2"}) == ["a"]
    (tmp_path / "b").unlink()
    assert renewed(tmp_path, {"a": "1", "b": "2", "c": "1"}) == ["b", "c"]
    assert renewed(tmp_path, {"a": "1"}) == []
    assert renewed(tmp_path, {"a": "1", "b": "2"}) == ["b"], "what the record left out is not known"


def test_what_could_not_be_made_is_tried_again_and_keeps_nothing_else_from_it(tmp_path):
    assert renewed(tmp_path, {"a": "1", "b": "1"}, broken=["a"]) == ["a", "b"]
    assert renewed(tmp_path, {"a": "1", "b": "1"}, broken=["a"]) == ["a"]
    assert renewed(tmp_path, {"a": "1", "b": "1"}) == ["a"]
    assert renewed(tmp_path, {"a": "1", "b": "1"}) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "null", '{"a": {"basis": 3}}'])
def test_a_damaged_record_makes_everything_that_it_spoke_of_again(tmp_path, text):
    renewed(tmp_path, {"a": "1"})
    (tmp_path / "record.json").write_text(text)
    assert out_of_date([product(tmp_path, "a", "1")]).files == {f"{tmp_path}/a", f"{tmp_path}/record.json"}
    assert renewed(tmp_path, {"a": "1"}) == ["a"]
    assert renewed(tmp_path, {"a": "1"}) == []


def test_a_flipped_bit_of_a_record_is_noticed_or_changes_nothing(tmp_path):
    """Wherever it is: in a digest, in a name, or in what is only told, such as versions of packages."""
    (tmp_path / "a").write_text("a")
    record(product(tmp_path, "a", "1"), environments=[{"python": "3.11", "numpy": "2.4"}])
    path = tmp_path / "record.json"
    whole, said = path.read_bytes(), entries(path)
    for at in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        path.write_bytes(bytes(flipped))
        assert entries(path) in ({}, said)


@pytest.fixture
def chain(tmp_path):
    """`last`, made from `middle`, which is made from `first`; listed in another order."""

    def products(**basis):
        first, middle, last = ("first", ()), ("middle", ("first",)), ("last", ("middle",))
        return [
            product(tmp_path, name, basis.get(name, "code"), inputs, f"record-{name}")
            for name, inputs in (last, first, middle)
        ]

    for made in sorted(products(), key=lambda each: ["first", "middle", "last"].index(each.name)):
        (tmp_path / made.name).write_text(made.name)
        record(made)
    return products


def names(files):
    return {os.path.basename(file) for file in files if "record" not in file}


def test_nothing_is_out_of_date_after_a_touch_or_a_copy_elsewhere(chain, tmp_path):
    assert not out_of_date(chain()).files
    os.utime(tmp_path / "first", (2**31, 2**31))
    assert not out_of_date(chain()).files
    shutil.copytree(tmp_path, tmp_path / "copy", copy_function=shutil.copyfile)
    moved = [
        Product(*(p.record.replace(str(tmp_path), f"{tmp_path}/copy"), p.name),
                *(tuple(f.replace(str(tmp_path), f"{tmp_path}/copy") for f in files) for files in (p.files,)),
                p.basis, tuple(f.replace(str(tmp_path), f"{tmp_path}/copy") for f in p.inputs))
        for p in chain()
    ]  # fmt: skip
    assert not out_of_date(moved).files


def test_what_changed_is_out_of_date_with_all_that_is_made_from_it_and_with_nothing_else(chain, tmp_path):
    assert names(out_of_date(chain(first="other")).files) == {"first", "middle", "last"}
    assert names(out_of_date(chain(last="other")).files) == {"last"}
    (tmp_path / "middle").unlink()
    found = out_of_date(chain())
    assert names(found.files) == {"middle", "last"}
    assert not found.damaged, "a missing file is no damaged one"


def test_what_is_made_from_other_content_is_out_of_date_even_where_that_is_now_recorded(chain, tmp_path):
    (tmp_path / "first").write_text("another first")
    first = next(each for each in chain() if each.name == "first")
    record(first)  # made anew, and then the run was stopped
    assert names(out_of_date(chain()).files) == {"middle", "last"}


@pytest.mark.parametrize("content", ["", "firs", "First", "middle"])
def test_a_damaged_truncated_empty_or_foreign_file_is_out_of_date_and_named(chain, tmp_path, content):
    (tmp_path / "first").write_text(content)
    found = out_of_date(chain())
    assert names(found.files) == {"first", "middle", "last"}
    assert found.damaged == (f"{tmp_path}/first",)


def test_of_things_in_one_record_one_that_was_never_put_in_its_place_leaves_the_others_alone(tmp_path):
    renewed(tmp_path, {"a": "1", "b": "1"})
    both = [product(tmp_path, name, "1") for name in ("a", "b")]
    (tmp_path / "b").unlink()
    assert out_of_date(both).files == {f"{tmp_path}/b"}
    (tmp_path / "a").write_text("damaged")
    assert out_of_date(both).files == {f"{tmp_path}/a", f"{tmp_path}/b", f"{tmp_path}/record.json"}


def test_to_ask_what_is_out_of_date_writes_nothing(chain, tmp_path):
    (tmp_path / "first").write_text("other")
    before = {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.rglob("*")]}
    out_of_date(chain(last="other"))
    assert {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.rglob("*")]} == before


def test_a_digest_tells_order_and_content_apart(tmp_path):
    assert digest(["a", "b"]) == digest(["a", "b"]) != digest(["b", "a"])
    assert file_digest(tmp_path / "none") is None
