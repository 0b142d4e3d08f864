"""Numbers as people read them: true minus signs, thousands separators, and no more digits than say something."""

from math import isfinite, isnan, log10

MINUS = "−"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALL, LARGE = 1e-3, 1e6  # outside of these a power of ten is easier to read


def number(value: float | int | None, digits: int = 3, pad: bool = True) -> str:
    """Such as 11,160, 0.0345, −0.200 or 5.9 × 10⁻²³; an empty text for what is missing.

    digits: significant ones. pad: with zeros at the end to so many, as in a column; a sentence does without.
    """
    if value is None or isnan(value):
        return ""
    if not isfinite(value):
        return f"{MINUS if value < 0 else ''}∞"
    if value == int(value) and abs(value) < LARGE:
        return signless(f"{int(value):,}")
    rounded = float(f"{value:.{digits - 1}e}")
    if SMALL <= abs(rounded) < LARGE:
        decimals = max(0, digits - 1 - int(log10(abs(rounded)) // 1))
        written = f"{rounded:,.{decimals}f}"
        return signless(written if pad or "." not in written else written.rstrip("0").rstrip("."))
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = "10" + str(int(exponent)).translate(RAISED)
    front = mantissa.rstrip("0").rstrip(".")
    return signless({"1": power, "-1": f"-{power}"}.get(front, f"{front} × {power}"))


def exact(value: float) -> str:
    """A number that somebody chose, such as a threshold or a learning rate, with all its digits: 0.001, 0.54, 10⁻⁷."""
    text = f"{value:,g}"
    return number(value, 6) if "e" in text or not isfinite(value) else signless(text)


def percent(share: float | None, digits: int = 0) -> str:
    """A share as 59 % or 99.7 %, with a narrow space that does not break."""
    if share is None or isnan(share):
        return ""
    return signless(f"{100 * share:.{digits}f}") + "\u202f%"


def signed(value: float, decimals: int) -> str:
    """A difference, +0.12 or −0.30; what rounds to zero has no sign."""
    text = f"{value:+.{decimals}f}"
    return signless(text if float(text) else text[1:])


def signless(text: str) -> str:
    """A text with true minus signs in place of hyphens."""
    return text.replace("-", MINUS)


def duration(seconds: float) -> str:
    """A time as people say it, without more digits than an estimate has: 8 s, 3 min, 1.5 h, 4 days."""
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            amount = seconds / size
            return (
                f"{amount:.0f} {unit}" if amount >= 10 or unit == "min" else f"{amount:.1f} {unit}".replace(".0 ", " ")
            )
    return f"{seconds:.0f} s"


def memory(count: float) -> str:
    """Bytes as people say them: 300 kB, 25 MB, 1.2 GB."""
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:,.0f} {unit}" if count >= 10 * size else f"{count / size:.1f} {unit}"
    return f"{count / 1e3:,.0f} kB"
