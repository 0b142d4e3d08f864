"""A study file as plain values, read strictly: one document of YAML (or JSON) without tags, templates or ambiguous numbers.

YAML 1.1 reads 010 as 8, 1:30 as 90 and off as false, takes the last of two equal keys and unfolds aliases without end. Here
numbers are those of JSON, what can be read in two ways is refused, and every fault is said with file, line and column.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import yaml

from initbench.base.suggest import did_you_mean
from initbench.study.error import ConfigError

LARGEST = 1_000_000  # bytes; what is larger is no study
MOST_VALUES = 20_000  # in a study, with its aliases written out
DEEPEST = 20  # lists and mappings in one another
TEMPLATE = "__use_yte__"  # makes Snakemake run what stands in a YAML file
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
TAG = "tag:yaml.org,2002:"
AMBIGUOUS = "!ambiguous"

READ_AS = {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?(?:0|[1-9][0-9]*)",
    "float": r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
    "merge": r"<<",
}
OTHER_NUMBERS = (
    r"[-+]?0[0-9]+(?:\.[0-9]*)?|[-+]?0[xob][0-9a-fA-F_]+"  # octal for some, hexadecimal, binary
    r"|[-+]?[0-9]+(?:_[0-9]*)+(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]*\.[0-9]+_[0-9_]*"  # 1_000
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"  # to base 60
)
HINTS = {
    "found character '\\t'": "indent with spaces, not with tabs",
    "could not find expected ':'": "put a space after the colon of a key",
    "mapping values are not allowed here": "put text with a colon in quotes",
    "found character '@'": "put the text in quotes",
    "found character '`'": "put the text in quotes",
    "but found another document": "keep what stands above or below ---",
}


class _Loader(yaml.SafeLoader):
    """Plain values only, each key once, no more values than a study can have."""

    yaml_implicit_resolvers = {}  # noqa: RUF012, what the base class declares
    yaml_constructors: ClassVar[dict] = {
        f"{TAG}{kind}": yaml.SafeLoader.yaml_constructors[f"{TAG}{kind}"]
        for kind in ("null", "bool", "int", "float", "str", "seq", "map")
    }

    def __init__(self, text: str):
        super().__init__(text)
        self.depth = self.values = 0
        self.sizes: dict[int, int] = {}  # values in each finished node

    def compose_node(self, parent: Any, index: Any) -> yaml.Node:
        event: Any = self.peek_event()
        if getattr(event, "tag", None):
            raise _fault(f"the tag {event.tag!r} is not taken: a study holds plain values", event)
        before, self.depth = self.values, self.depth + 1
        if self.depth > DEEPEST:
            raise _fault("lists and mappings lie too deep in one another", event)
        node = super().compose_node(parent, index)
        assert node is not None
        if isinstance(event, yaml.AliasEvent) and id(node) not in self.sizes:
            raise _fault(f"the value of &{event.anchor} holds itself", event)
        self.values += self.sizes.get(id(node), 1)
        if self.values > MOST_VALUES:
            raise _fault(f"a study of more than {MOST_VALUES:,} values, its aliases written out", event)
        self.sizes.setdefault(id(node), self.values - before)
        self.depth -= 1
        return node

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag not in (f"{TAG}str", f"{TAG}merge"):
                shown = f" {key.value or 'null'}" if isinstance(key, yaml.ScalarNode) else ", a list or mapping,"
                raise _fault(f"the key{shown} is not text", key)
            if key.value in seen:
                raise _fault(f"the key {key.value!r} stands there twice", key)
            seen.add(key.value)
        return node

    def refuse_ambiguous(self, node: yaml.ScalarNode) -> None:
        raise _fault(
            f"{node.value} is another number to some readers: write it plainly, or in quotes if it is text", node
        )


def _fault(text: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=text, problem_mark=at.start_mark)


for _kind, _pattern in READ_AS.items():
    _Loader.add_implicit_resolver(f"{TAG}{_kind}", re.compile(f"(?:{_pattern})$"), None)
_Loader.add_implicit_resolver(AMBIGUOUS, re.compile(f"(?:{OTHER_NUMBERS})$"), None)
_Loader.add_constructor(AMBIGUOUS, _Loader.refuse_ambiguous)


def read_file(path: str | os.PathLike) -> dict[str, Any]:
    """Read a study file as it stands. Raises ConfigError, with file and line, for what is no mapping of plain values."""
    text = _text(Path(path))
    name = Path(path).name
    try:
        if name.endswith(".json"):
            json.loads(text)
            text = text.replace("\t", " ")  # which JSON allows between values, and nowhere else
        loader = _Loader(text)
        try:
            found = loader.get_single_data()
        finally:
            loader.dispose()
    except json.JSONDecodeError as error:
        raise ConfigError(f"{name}, line {error.lineno}, column {error.colno}: {error.msg}") from None
    except yaml.MarkedYAMLError as error:
        raise ConfigError(f"{name}, {_in_words(error)}") from None
    except RecursionError:
        raise ConfigError(f"{name}: lists and mappings lie too deep in one another") from None
    return _checked(name, found)


def read_or_exit(path: str | os.PathLike) -> dict[str, Any]:
    """`read_file`, as a command does: what is wrong is said in one line, and ends it."""
    try:
        return read_file(path)
    except ConfigError as error:
        sys.exit(f"initbench: {error}")


def _checked(name: str, found: object) -> dict[str, Any]:
    """What a file holds, if it is a study."""
    if found is None:
        raise ConfigError(f"{name}: the file holds no keys; a study has one at least, such as 'depths: [1, 3]'")
    if not isinstance(found, Mapping):
        kind = "a list" if isinstance(found, list) else f"the single value {str(found)[:80]!r}"
        raise ConfigError(f"{name}: a study is a mapping of keys to values, such as 'depths: [1, 3]'; this is {kind}")
    if TEMPLATE in found:
        raise ConfigError(f"{name}: {TEMPLATE}: a study file is no template; write its values out")
    return dict(found)


def _text(path: Path) -> str:
    """The text of a file; ConfigError that says why it has none."""
    shown = str(path) if len(str(path)) <= 200 else f"{str(path)[:200]}…"
    try:
        if path.is_dir():
            raise ConfigError(f"{shown!r} is a folder; give a study file")
        if not path.exists():
            near = sorted(file.name for file in path.parent.glob("*.y*ml"))
            raise ConfigError(f"there is no study file {shown!r} in {Path.cwd()}{did_you_mean(path.name, near)}")
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise ConfigError(f"{shown!r} is no study file: it is no regular file, or larger than 1 MB")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{shown!r} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return _decoded(path.name, data)


def _decoded(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "UTF-16" if data.startswith(UTF_16) else f"the byte 0x{data[error.start]:02x} on line {line}"
        raise ConfigError(f"{name} is not UTF-8 text, but holds {what}; save it as UTF-8") from None
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise ConfigError(f"{name}, line {line}: the character {bad.group()!r} does not belong into UTF-8 text")
    return text


def _in_words(error: yaml.MarkedYAMLError) -> str:
    """Line, column and problem of a fault, in one line."""
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    assert mark is not None
    text = str(error.problem)
    if error.context:
        since = f" from line {start.line + 1}" if start else ""
        text = f"{text} ({error.context}{since})"
    hint = next((f"; {hint}" for part, hint in HINTS.items() if part in text), "")
    return f"line {mark.line + 1}, column {mark.column + 1}: {' '.join(text.split())}{hint}"
