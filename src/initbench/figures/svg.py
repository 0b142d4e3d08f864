"""A figure's SVG as the page carries it: short, as wide as in print, and with no id that another figure has."""

import re

HEAD = re.compile(r"^.*?(?=<svg)", re.S)
UNUSED = re.compile(
    r"<metadata>.*?</metadata>\s*|<!--.*?-->\s*|<defs>\s*<style type=\"text/css\">\*\{[^}]*\}</style>\s*</defs>\s*"
    r'| xmlns:xlink="[^"]*"|(?<=<g) id="[^"]*"| transform="rotate\(-?0 [^)]*\)"|stroke-dashoffset: 0; ',
    re.S,
)
ROOT = re.compile(r'<svg(?P<rest>[^>]*?) width="(?P<width>[\d.]+)pt" height="(?P<height>[\d.]+)pt"')
EMPTY = re.compile(r"<g/>\s*")
BARE_GROUP = re.compile(r"<g>((?:(?!</?g\b).)*)</g>\s*", re.S)
FONT = re.compile(r"font-family: ([^;\"]+); ")
ID = re.compile(r'(\bid="|href="#|url\(#)([^")]+)')
MARKS = re.compile(r'<use [^>]*?( style="[^"]*")/>\n(?:<use [^>]*?\1/>\n)+')
NEEDLESS = re.compile(  # a path that goes nowhere; the clip of a line of the grid
    r'<path d="M[-\d.]+ [-\d.]+"[^>]*/>\n| clip-path="[^"]*"(?= style="fill:none;stroke:#e6e6e6)'
)
GRID_LINE = re.compile(r'<path d="([^"]*)" style="fill:none;stroke:#e6e6e6;stroke-width:0\.5"/>\n')
TICKS = re.compile(rf"(?:{GRID_LINE.pattern}|<text[^>]*>[^<]*</text>\n){{2,}}")
PATH = re.compile(r'(?<= d=")[^"]*')
STYLE = re.compile(r'(?<= style=")[^"]*')
NUMBER = re.compile(r"-?\d+\.\d+")
TEXTS = re.compile(r"(>[^<]*<)")  # what is read is not rounded
MM = 25.4 / 72  # of a point


def tidied(text: str, prefix: str) -> str:
    """The <svg> element of a file that matplotlib wrote: its size in mm, coordinates with two decimals, ids that begin with `prefix`."""
    text = UNUSED.sub("", HEAD.sub("", text)).replace("xlink:href", "href")
    while (shorter := EMPTY.sub("", BARE_GROUP.sub(r"\1", text))) != text:
        text = shorter
    fonts = FONT.search(text)
    text = FONT.sub("", text)
    text = ROOT.sub(lambda found: _root(found, fonts[1] if fonts else ""), text, count=1)
    names: dict[str, str] = {}
    text = ID.sub(lambda found: found[1] + names.setdefault(found[2], f"{prefix}-{len(names)}"), text)
    text = STYLE.sub(lambda found: found[0].replace("; ", ";").replace(": ", ":"), PATH.sub(_short, text))
    parts = TEXTS.split(text)
    parts[::2] = [NUMBER.sub(_rounded, part) for part in parts[::2]]
    text = re.sub(r"\s*\n\s*", "\n", "".join(parts)).strip() + "\n"
    return MARKS.sub(_shared, TICKS.sub(_grid, NEEDLESS.sub("", text)))


def _root(found: re.Match, fonts: str) -> str:
    """How the element begins; what all lines and texts share stands there, not in a style that would hold for a whole page."""
    width, height = (f"{float(found[side]) * MM:.2f}".rstrip("0").rstrip(".") + "mm" for side in ("width", "height"))
    shared = f' stroke-linejoin="round" stroke-linecap="butt" font-family="{fonts}"'
    return f'<svg{shared}{found["rest"]} width="{width}" height="{height}"'


def _shared(found: re.Match) -> str:
    """Marks that look alike, their style said once."""
    return f"<g{found[1]}>\n{found[0].replace(found[1], '')}</g>\n"


def _grid(found: re.Match) -> str:
    """The lines of a grid as one path, below their labels."""
    first, lines = GRID_LINE.search(found[0]), GRID_LINE.findall(found[0])
    if first is None:
        return found[0]
    return first[0].replace(first[1], "".join(lines)) + GRID_LINE.sub("", found[0])


def _short(found: re.Match) -> str:
    """The path without line breaks; points that follow one another need no letter."""
    text = " ".join(found[0].split())
    if not set(re.findall("[a-zA-Z]", text)) <= {"M", "L", "z"}:
        return text
    return text.replace(" L ", " ").replace("M ", "M").replace(" z", "z").replace(" M", "M")


def _rounded(found: re.Match) -> str:
    text = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
