"""Numbers as small integers for a page, and the whole as text: deflated, base64."""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping

import numpy as np

PER_DECADE = 100  # steps of a logarithm: 2.3 %
ZERO = 99_999  # in place of the logarithm of exactly zero: no float64 is as large
PER_UNIT = {
    "share": 1000,
    "count": 2,
    "score": 10_000,
}  # steps of a share, of a count (medians may lie between), of a score


def coded(values: Iterable[float], kind: str) -> list[int | None]:
    """Numbers as integers: `log` as 100·log₁₀, ZERO for exactly zero; others by PER_UNIT. What is not finite is None."""
    found = np.asarray(values, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = PER_DECADE * np.log10(found) if kind == "log" else PER_UNIT[kind] * found
    steps = np.where(found == 0, ZERO if kind == "log" else 0, steps)
    finite = np.isfinite(steps)
    whole = np.round(np.where(finite, steps, 0)).astype(int)
    return [int(value) if known else None for value, known in zip(whole, finite, strict=True)]


def decoded(codes: Iterable[int | None], kind: str) -> np.ndarray:
    """The numbers again, to the step of their packing; NaN for None."""
    found = np.array([np.nan if code is None else code for code in codes], dtype=float)
    if kind != "log":
        return found / PER_UNIT[kind]
    with np.errstate(over="ignore"):
        return np.where(found == ZERO, 0.0, 10 ** (found / PER_DECADE))


def packed(content: Mapping) -> str:
    """Content as text that any page may hold: JSON, deflated (zlib), base64."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> dict:
    """The content of a text from `packed`."""
    return json.loads(zlib.decompress(base64.b64decode(text)))
