"""The look of a scheme: one colour, dash and marker in every figure of every study, whatever stands beside it.

Colours keep 3 : 1 to white at least (as text they are darkened, `ink`); those of the schemes of the default study are told
apart by readers who see no red or no green, CIE ΔE ≥ 20 (tests/figures/test_appearance.py). In grey print dash and marker
tell neighbours apart.
"""

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor, log10

SOLID: tuple[float, ...] = ()
DOTTED, SPARSE, SHORT, LONG = (1.0, 1.2), (1.0, 2.6), (2.5, 1.4), (5.0, 1.5)
DASH_DOT, DASH_DOTS = (4.0, 1.2, 1.0, 1.2), (6.0, 1.2, 1.0, 1.2, 1.0, 1.2)
DASHES = (LONG, DOTTED, DASH_DOT, SHORT, DASH_DOTS, SOLID)
MARKERS = (
    "o",
    "s",
    "^",
    "D",
    "v",
    "P",
    "X",
    "*",
)  # matplotlib's names: circle square triangle diamond triangle-down plus cross star


@dataclass(frozen=True)
class Look:
    """How a scheme is drawn. colour: #RRGGBB. dash: lengths on and off in line widths; () is solid. marker: one of MARKERS."""

    colour: str
    dash: tuple[float, ...]
    marker: str


LOOKS = {  # in the usual order: what draws one value, then what scales by the fans
    "zeros": Look("#000000", SOLID, "X"),
    "constant": Look("#6E6E6E", DOTTED, "s"),
    "identity": Look("#6B4A00", SHORT, "s"),
    "small_normal": Look("#C3871E", SPARSE, "v"),
    "sparse": Look("#7A5200", DASH_DOT, "P"),
    "truncated_normal": Look("#A0642C", SHORT, "v"),
    "torch_default": Look("#5F5F00", LONG, "s"),
    "keras_default": Look("#00A55A", SHORT, "D"),  # coloured as xavier_tanh, which it is
    "flax_default": Look("#6D5A8C", SHORT, "*"),
    "sklearn_default": Look("#C2410C", DASH_DOTS, "v"),
    "xavier_sigmoid": Look("#1E96E1", DASH_DOT, "^"),
    "glorot_sigmoid": Look("#0B6FB8", SHORT, "^"),
    "xavier_tanh": Look("#00A55A", LONG, "D"),
    "glorot_normal": Look("#007A43", DOTTED, "D"),
    "glorot_truncated_normal": Look("#4F8F00", DASH_DOT, "D"),
    "he_normal": Look("#960F00", SOLID, "o"),
    "he_uniform": Look("#E0523C", LONG, "o"),
    "he_truncated_normal": Look("#D2601E", DASH_DOT, "o"),
    "he_normal_fan_out": Look("#E0526E", DOTTED, "o"),
    "lecun_normal": Look("#5A69FF", SHORT, "*"),
    "lecun_uniform": Look("#2F3FBF", DOTTED, "*"),
    "lecun_truncated_normal": Look("#6D5A8C", LONG, "*"),
    "orthogonal": Look("#3C00F0", DASH_DOTS, "P"),
    "orthogonal_torch_gain": Look("#7A4DFF", LONG, "P"),
    "delta_orthogonal": Look("#5A3FB8", SHORT, "P"),
    "gaussian": Look("#B40096", DASH_DOT, "D"),
    "critical": Look("#E03CC0", SOLID, "*"),
    "mup": Look("#C4007A", LONG, "^"),
    "lsuv": Look("#7D005F", SOLID, "D"),
    "zero_gamma": Look("#00808A", LONG, "X"),
    "fixup": Look("#A05A00", SOLID, "P"),
    "rezero": Look("#C2185B", LONG, "v"),
    "skipinit": Look("#8E24AA", DOTTED, "v"),
    "zero_last": Look("#33691E", SHORT, "X"),
    "zero_hadamard": Look("#3F7F7F", DOTTED, "X"),
}
ORDER = {name: place for place, name in enumerate(LOOKS)}
OTHERS = (
    "#8A6D00",
    "#A8005C",
    "#00707A",
    "#5B3FA8",
    "#B84300",
    "#2E6F00",
    "#004F9E",
    "#7F3F5F",
)  # of names not in LOOKS
OF_DECADES = {0: ("#949494", LONG), -1: ("#6E6E6E", DOTTED), -2: ("#505050", DASH_DOT), -3: ("#808080", SHORT)}
WITH_BIAS = "#8A6A50"


@lru_cache(maxsize=4096)
def look(scheme: str) -> Look:
    """The look of a scheme by its label, such as constant(0.1); a name that is not in the table gets one by its letters."""
    name, _, inside = scheme.partition("(")
    known = LOOKS.get(name)
    draw = hashlib.sha256(scheme.encode()).digest()
    if known is None:
        return Look(OTHERS[draw[0] % len(OTHERS)], DASHES[draw[1] % len(DASHES)], MARKERS[draw[2] % len(MARKERS)])
    if name == "constant":
        return _constant(inside.rstrip(")"), draw)
    return known if not inside else replace(known, dash=DASHES[draw[0] % len(DASHES)])


def _constant(arguments: str, draw: bytes) -> Look:
    """Greys by the decade of the value; a start with a bias is brown."""
    first, *others = arguments.split(",")
    try:
        value = abs(float(first.rpartition("=")[2]))
        decade = floor(log10(value) + 0.5) if value else None
    except ValueError:
        decade = None
    grey, dash = OF_DECADES.get(decade, ("#606060", DASHES[draw[0] % len(DASHES)]))  # type: ignore[call-overload]
    if others:
        return Look(WITH_BIAS, dash, "^")
    return Look(grey, dash, ("s", "D", "v", "^")[-(decade or 0) % 4])


def ordered(schemes) -> list[str]:
    """Labels in the usual order: one-value starts first, constants from the smallest on, unknown names last."""
    return sorted(set(schemes), key=_place)


def _place(scheme: str) -> tuple:
    name, _, inside = scheme.partition("(")
    try:
        value = float(inside.rstrip(")").split(",")[0].rpartition("=")[2] or 0)
    except ValueError:
        value = 0.0
    return ORDER.get(name, len(ORDER)), value, scheme


def ink(colour: str) -> str:
    """A colour as dark as text must be: 4.5 : 1 to white."""
    channels = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    while contrast(_hex(channels)) < 4.5:
        channels = [int(channel * 0.97) for channel in channels]
    return _hex(channels)


def contrast(colour: str) -> float:
    """The contrast of a colour to white (WCAG 2.2): 1 to 21."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _hex(channels: list[int]) -> str:
    return "#" + "".join(f"{channel:02X}" for channel in channels)
