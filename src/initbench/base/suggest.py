"""What a mistyped word may have meant."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'relu'?)` for a word that is near a known one, whatever its case; nothing otherwise."""
    by_lower_case = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.strip().lower(), by_lower_case, n=1)
    return f" (did you mean {by_lower_case[near[0]]!r}?)" if near else ""
