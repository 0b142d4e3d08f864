"""Random generators keyed by named axes: what is drawn depends on its name alone, never on what was drawn before."""

import hashlib

import numpy as np


def keyed(study_seed: int, purpose: str, *key: int | str) -> np.random.Generator:
    """The generator of `purpose` at `key`, such as keyed(0, "parameters", seed, layer, fan_in, fan_out)."""
    return np.random.default_rng(_entropy(study_seed, purpose, key))


def keyed_integer(study_seed: int, purpose: str, *key: int | str) -> int:
    """A 32-bit seed by the same rule, for libraries that take a number."""
    return int(np.random.SeedSequence(_entropy(study_seed, purpose, key)).generate_state(1)[0])


def _entropy(study_seed: int, purpose: str, key: tuple[int | str, ...]) -> int:
    text = repr((int(study_seed), purpose, *(part if isinstance(part, str) else int(part) for part in key)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")
