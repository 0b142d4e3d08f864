"""Things that are made again only where they are out of date, by a record of what each was made from."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from initbench.base.files import write_atomically


def renew(
    record: str | Path,
    made_from: Mapping[str, str],
    content: Callable[[str], str | None],
    make: Callable[[str], str | None],
) -> None:
    """Make what is out of date, and say in the JSON file `record` what everything was made from.

    made_from: digest of all that a thing is made from, by its name. content: of a name, the digest of what is there now, so
    that neither another file of its name nor a broken one counts; None if it is not there. make: makes the thing of that
    name and returns the digest of what it has become; None if it could not be made, which is tried again the next time.
    """
    before = json.loads(Path(record).read_text(encoding="utf-8")) if Path(record).exists() else {}
    after = {}
    for name, digest in made_from.items():
        found = content(name)
        if found is None or before.get(name) != {"made_from": digest, "content": found}:
            print(f"making {name}", flush=True)
            found = make(name)
        if found is not None:
            after[name] = {"made_from": digest, "content": found}
    with write_atomically(record) as partial:
        Path(partial).write_text(json.dumps(after, indent=1), encoding="utf-8")


def file_digest(path: str | Path) -> str | None:
    """SHA-256 of a file's content; None if there is no such file."""
    if not Path(path).is_file():
        return None
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(parts: Iterable[object]) -> str:
    """One digest of several, and of other things by their text, in the order given."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
