"""Only what is out of date is made again, and what could not be made is tried again."""

from initbench.base.renewal import digest, file_digest, renew


def renewed(folder, made_from, broken=()):
    """The names that are made, each a file with its own name in it; of `broken` none can be made."""
    made = []

    def make(name):
        made.append(name)
        if name in broken:
            return None
        (folder / name).write_text(name)
        return file_digest(folder / name)

    renew(folder / "record.json", made_from, lambda name: file_digest(folder / name), make)
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


def test_a_digest_tells_order_and_content_apart(tmp_path):
    assert digest(["a", "b"]) == digest(["a", "b"]) != digest(["b", "a"])
    assert file_digest(tmp_path / "none") is None
