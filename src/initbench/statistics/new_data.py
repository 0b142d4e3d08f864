"""What a study on one data set can say of new data of its kind: its splits overlap, so its spread is too small for that."""

from math import sqrt


def new_data_factor(seeds: int, train: int, test: int) -> float:
    """By how much a standard error over random splits must grow to speak of new data instead of new splits of the same.

    √((1/J + n₂/n₁) / (1/J)) for J seeds with n₁ training and n₂ test samples (Nadeau & Bengio 2003, "corrected resampled t").
    It grows with the seeds: more splits of the same samples tell little of other samples.
    """
    return sqrt(1 + seeds * test / train)
