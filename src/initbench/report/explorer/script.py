"""The script of the page: the modules of assets/explorer joined in one, so that one file asks for no other."""

import re
from collections.abc import Iterable
from importlib import resources

MODULES = (  # each after those it needs
    "numbers", "words", "study", "sentences", "hero", "state", "controls", "charts", "ranking", "config", "table", "views", "explorer",
)  # fmt: skip
LIBRARY = (
    "plot.js"  # Observable Plot and what it needs of d3, with their licences; made by scripts/javascript/bundle.mjs
)
IMPORT = re.compile(r"^import\s[^;]*;\n", re.MULTILINE)
COMMENT = re.compile(
    r"^[ \t]*(/\*\*((?!\*/).)*\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL
)  # of whole lines: for who reads the modules
EXPORT = re.compile(r"^export (?=(async )?(function|const|class|let)\b)", re.MULTILINE)


def joined_script(modules: Iterable[str] = MODULES) -> str:
    """Modules as one, without comments: what they import from each other stands before it, in the same scope."""
    texts = (COMMENT.sub("", asset(f"{name}.js")) for name in modules)
    return inline("\n".join(EXPORT.sub("", IMPORT.sub("", text)) for text in texts))


def inline(script: str) -> str:
    """A script that may stand in a page: nothing in it ends the element or begins a comment."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)


def asset(name: str) -> str:
    """The text of a file of assets/explorer."""
    return resources.files("initbench.report").joinpath("assets/explorer", name).read_text(encoding="utf-8")
