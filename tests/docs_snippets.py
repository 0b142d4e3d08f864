"""What the pages say to type: commands, code and studies in fenced blocks, each with its page and line."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEFT_OUT = ("CHANGELOG.md", "CONTRIBUTING.md")  # of docs/: they include those of the root
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    + [page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts and page.name not in LEFT_OUT]
)
FENCE = re.compile(r"^( *)```([\w{}-]*)[^\n]*\n(.*?)^\1```", re.M | re.S)
NOT_RUN = re.compile(r"<!-- not run: (.+) -->\s*\Z")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, its text, and why it cannot be run, if it says so."""

    page: str
    line: int
    language: str
    text: str
    not_run: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    """All blocks of some languages, page by page."""
    return [block for page in PAGES for block in _blocks(page) if block.language in languages]


def _blocks(page: Path) -> list[Block]:
    text, found = page.read_text(encoding="utf-8"), []
    for match in FENCE.finditer(text):
        indent = match[1]
        body = "\n".join(line.removeprefix(indent) for line in match[3].split("\n"))
        before = text[: match.start()]
        reason = NOT_RUN.search(before)
        found.append(
            Block(str(page.relative_to(ROOT)), before.count("\n") + 1, match[2], body, reason[1] if reason else None)
        )
    return found


@dataclass(frozen=True)
class Command:
    """A command of a page, as words; what stands after # is left out."""

    where: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)


def commands() -> list[Command]:
    """Every command of every page."""
    found = []
    for block in blocks("sh"):
        if not block.not_run:
            lines = block.text.replace("\\\n", " ").splitlines()
            words = [tuple(shlex.split(line, comments=True)) for line in lines]
            found += [Command(str(block), each) for each in words if each]
    return found
