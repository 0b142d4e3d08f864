"""Things that are made again only where they are out of date, by a record of what each was made from, and of its content.

What decides is content alone: neither the times of files nor what a workflow engine remembers in a folder of its own.
"""

import functools
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from initbench.base.files import DamagedError, read_json, write_json

Look = Callable[[str], str | None]  # of a file, the digest of its content; None if there is no such file


@dataclass(frozen=True)
class Product:
    """Files that are made together. record: the JSON file that says what they were made from, among others, by `name`.

    basis: digest of the code and the settings that they are made by. inputs: files by whose content they are made.
    """

    record: str
    name: str
    files: tuple[str, ...]
    basis: str
    inputs: tuple[str, ...] = ()

    @property
    def listed(self) -> list[str]:
        """The files by their paths from the record, which stay where the results are moved."""
        return [os.path.relpath(file, os.path.dirname(self.record)) for file in self.files]

    def entry(self, look: Look, content: Sequence[str | None] | None = None) -> dict[str, Any]:
        """What the record says of the product as it is now."""
        found = map(look, self.files) if content is None else content
        return {
            "basis": self.basis,
            "inputs": digest(map(look, self.inputs)),
            "content": dict(zip(self.listed, found, strict=True)),
        }


def renew(products: Iterable[Product], make: Callable[[str], Sequence[str] | None]) -> None:
    """Make the products of a record that are out of date, and say in it what everything was made from.

    make: makes the thing of that name and returns the digests of the files that it has become; None if it could not be made,
    which is tried again the next time.
    """
    products, look = list(products), functools.cache(file_digest)
    before, after = entries(products[0].record), {}
    for product in products:
        entry = product.entry(look)
        if None in entry["content"].values() or before.get(product.name) != entry:
            print(f"making {product.name}", flush=True)
            content = make(product.name)
            if content is None:
                continue
            entry = product.entry(look, content)
        after[product.name] = entry
    write_entries(after, products[0].record)


def record(product: Product, **more: Any) -> None:
    """Say in the record what a product that has just been made was made from; `more` stands beside it."""
    entry = product.entry(functools.cache(file_digest))
    write_entries({product.name: entry | more}, product.record)


def write_entries(said: Mapping[str, Any], path: str | Path) -> None:
    """Write a record: what it says, by name, and the digest of that, by which damage is noticed."""
    write_json({"sha256": _digest_of(said), "made": said}, path)


def entries(path: str | Path) -> dict[str, Any]:
    """What a record says, by name; nothing where there is none, or a damaged one, which makes all that it spoke of out of date."""
    try:
        found = _mapping(read_json(path))
    except (OSError, DamagedError):
        return {}
    said = _mapping(found.get("made"))
    return said if found.get("sha256") == _digest_of(said) else {}


def _digest_of(said: Mapping[str, Any]) -> str:
    return digest([json.dumps(said, sort_keys=True)])


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True)
class OutOfDate:
    """Files that have to be made again, and those among them that are damaged: there, but not as they were made."""

    files: frozenset[str]
    damaged: tuple[str, ...]


def out_of_date(products: Iterable[Product]) -> OutOfDate:
    """Which files have to be made again of all the products of a study.

    A product is out of date if it is made from something else now, if its files are not those that were made, or if what it is
    made from is out of date. Of several in one record, one of which no file is there leaves the record alone: it is made when it
    is asked for. Nothing is written.
    """
    products = list(products)
    sharing = Counter(product.record for product in products)
    look, read = functools.cache(file_digest), functools.cache(entries)
    stale: set[str] = set()
    damaged: list[str] = []
    for product in _ordered(products):
        found = _mapping(read(product.record).get(product.name))
        entry = product.entry(look)
        if stale.isdisjoint(product.inputs) and entry.items() <= found.items():
            continue
        stale |= set(product.files)
        if sharing[product.record] == 1 or any(look(file) for file in product.files):
            stale.add(product.record)
        if found.get("basis") == product.basis:
            known = _mapping(found.get("content"))
            pairs = zip(product.files, entry["content"].items(), strict=True)
            damaged += [file for file, (name, now) in pairs if now is not None and now != known.get(name)]
        elif not found and Path(product.record).exists() and not read(product.record):
            damaged.append(product.record)
    return OutOfDate(frozenset(stale), tuple(dict.fromkeys(damaged)))


def _ordered(products: Iterable[Product]) -> list[Product]:
    """Each after those that it is made from."""
    makers = {file: product for product in products for file in product.files}
    before = {product: {makers[file] for file in product.inputs if file in makers} for product in makers.values()}
    return list(TopologicalSorter(before).static_order())


def file_digest(path: str | Path) -> str | None:
    """SHA-256 of a file's content; None if there is no such file, or one that cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def digest(parts: Iterable[object]) -> str:
    """One digest of several, and of other things by their text, in the order given."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
