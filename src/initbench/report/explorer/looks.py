"""The colour, dash and marker of a scheme, as a page needs them."""

from initbench.figures.style import ink, look

SYMBOLS = {
    "o": "circle", "s": "square", "^": "triangle", "D": "diamond2", "v": "triangle2", "P": "cross", "X": "times", "*": "star",
}  # fmt: skip
STROKE = 2  # pixels: dashes are given in widths of the line


def colour_of(scheme: str) -> str:
    """As #rrggbb."""
    return look(scheme).colour


def look_of(scheme: str) -> list[str]:
    """[colour, its ink, dashes in pixels, marker by d3's name]."""
    seen = look(scheme)
    dashes = " ".join(f"{STROKE * length:g}" for length in seen.dash)
    return [seen.colour, ink(seen.colour), dashes, SYMBOLS[seen.marker]]
