"""Files to begin with: a thing of one's own of any kind, with comments, which passes its check as it stands."""

import importlib.util
import keyword
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from initbench.base.registry import NAME, REGISTRIES
from initbench.base.suggest import did_you_mean
from initbench.study.pages import SCHEMA, schema_line

PLACEHOLDER = "my_name"
STUDY = "study"
PACKAGES = {  # kind → the package with those that there are
    "scheme": "schemes",
    "activation": "activations",
    "architecture": "architectures",
    "optimizer": "optimizers",
    "dataset": "datasets",
    "probe": "probes",
    "claim": "claims",
    "figure": "figures",
}
KINDS = (*PACKAGES, STUDY)
BESIDE = {  # kind of an axis of the grid → what there is to compare the new thing with
    "scheme": "he_normal",
    "activation": "relu",
    "architecture": "mlp",
    "optimizer": "sgd",
    "dataset": "digits",
}


@dataclass(frozen=True)
class Start:
    """A file to begin with: its path, its text, and what to do next, a line each."""

    path: Path
    text: str
    following: tuple[str, ...]


def start(kind: str, name: str, folder: Path = Path()) -> Start:
    """The file of a new thing. ValueError for an unknown kind, or a name that is malformed, taken, or that of another module."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}{did_you_mean(kind, KINDS)}; there are: {', '.join(KINDS)}")
    _check_name(kind, name)
    suffix = "yaml" if kind == STUDY else "py"
    path = folder / f"{name}.{suffix}"
    text = resources.files("initbench").joinpath(f"advice/starts/{kind}.{suffix}").read_text(encoding="utf-8")
    if kind == STUDY and Path(SCHEMA).is_file():  # in a checkout: editors check the file and complete it
        text = f"{schema_line(str(folder))}\n{text}"
    return Start(path, text.replace(PLACEHOLDER, name), _following(kind, name, path))


def write(begun: Start) -> None:
    """Write the file. FileExistsError, and nothing is written, if there is one; FileNotFoundError without its folder."""
    with open(begun.path, "x", encoding="utf-8") as file:
        file.write(begun.text)


def _check_name(kind: str, name: str) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ValueError(f"{name!r} cannot be a name: use lower-case letters, digits and underscores, a letter first")
    if kind == STUDY:
        return
    package = f"initbench.{PACKAGES[kind]}"
    importlib.import_module(package)
    if any(name in registry for registry in REGISTRIES if registry.package == package):
        raise ValueError(f"there is a {kind} named {name!r} already: choose another name")
    if name in sys.stdlib_module_names or importlib.util.find_spec(name):
        raise ValueError(f"a file {name}.py would stand in the way of the module {name!r}: choose another name")


def _following(kind: str, name: str, path: Path) -> tuple[str, ...]:
    checked = f"initbench check {path}"
    if kind == STUDY:
        return (f"{checked} looks it through", f"initbench run {path} runs it")
    axis = f", {PACKAGES[kind]}: [{name}, {BESIDE[kind]}]" if kind in BESIDE else ""
    return (f"{checked} tries it out", f"a study has it by: extensions: [{path}]{axis}")
