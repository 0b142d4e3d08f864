"""A figure's SVG as the page carries it: short, the same bytes for the same figure, with no id that another one has."""

import re

NUMBER = re.compile(r"-?\d+\.\d+")
TEXTS = re.compile(r"(>[^<]*<)")  # what is read is not rounded
HEAD = re.compile(r"^.*?(?=<svg)", re.S)
UNUSED = re.compile(r"<metadata>.*?</metadata>\s*", re.S)
COMMENTS = re.compile(r"<!--.*?-->\s*", re.S)
STYLE = re.compile(
    r'<defs>\s*<style type="text/css">\*\{stroke-linejoin: round; stroke-linecap: butt\}</style>\s*</defs>\s*'
)
GROUP_ID = re.compile(r'<g id="[^"]*"')
IDS = re.compile(r'(\bid="|href="#|url\(#)([^")]+)')


def tidied(text: str, prefix: str) -> str:
    """The <svg> element of a file that matplotlib wrote: coordinates with two decimals, every id beginning with `prefix`."""
    text = COMMENTS.sub("", UNUSED.sub("", HEAD.sub("", text)))
    text = STYLE.sub("", text).replace(
        "<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1
    )  # else for a whole page
    text = IDS.sub(lambda found: f"{found[1]}{prefix}-{found[2]}", GROUP_ID.sub("<g", text))
    text = text.replace("<g/>", "")
    parts = TEXTS.split(text)
    parts[::2] = [NUMBER.sub(_rounded, part) for part in parts[::2]]
    return re.sub(r"\s*\n\s*", "\n", "".join(parts)).strip() + "\n"


def _rounded(found: re.Match) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".").replace("-0", "0" if float(found[0]) > -0.005 else "-0")
