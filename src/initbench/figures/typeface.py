"""The font of the figures: one open subset with Latin, Greek, signs of formulas and Chinese, the same on every machine.

scripts/make_font.py makes it. In a figure's SVG texts stay texts; the file carries the characters that it uses.
"""

import base64
import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from io import BytesIO
from pathlib import Path

FAMILY = "Initbench Sans"
FONT = Path(__file__).parent / "fonts/InitbenchSans.ttf"
FACE = re.compile(r"<style>@font-face\{[^}]*\}</style>")
TEXT = re.compile(r"<t(?:ext|span)\b[^>]*>([^<]+)<")


@contextmanager
def known_to_matplotlib() -> Iterator[None]:
    """Let matplotlib find the font by its name; afterwards its list of fonts is what it was."""
    from matplotlib.font_manager import fontManager

    before = list(fontManager.ttflist)
    fontManager.addfont(FONT)
    try:
        yield
    finally:
        fontManager.ttflist[:] = before


def with_font(svg: str) -> str:
    """An SVG that brings the characters of its texts."""
    used = used_in(svg)
    return svg.replace(">", f">{face(used)}", 1) if used else svg


def used_in(*svgs: str) -> str:
    """The characters of the texts of pictures."""
    return "".join(
        sorted(
            {character for svg in svgs for text in TEXT.findall(svg) for character in unescape(text).replace("\n", "")}
        )
    )


def without_font(svg: str) -> str:
    """The same SVG, for a page that has the font."""
    return FACE.sub("", svg)


@functools.lru_cache(maxsize=64)
def face(characters: str) -> str:
    """A <style> element with these characters of the font as data; the same bytes for the same characters."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options, written = Options(hinting=False, name_IDs=[]), BytesIO()
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    with TTFont(FONT, recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(written)
    data = base64.b64encode(written.getvalue()).decode()
    return f'<style>@font-face{{font-family:"{FAMILY}";src:url(data:font/woff;base64,{data}) format("woff")}}</style>'


def missing(text: str) -> list[str]:
    """The characters of a text that the font lacks."""
    from fontTools.ttLib import TTFont

    with TTFont(FONT) as font:
        known = font.getBestCmap()
    return sorted({character for character in text if ord(character) not in known and not character.isspace()})
