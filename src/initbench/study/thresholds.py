"""The thresholds by which runs are judged: fixed in the study's configuration before anything is run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """What counts as trained, stalled, vanishing, exploding, saturated and equal.

    target_accuracy: training accuracy at which a run counts as trained. stalled_ratio: a run is stalled if its lowest
    recorded training loss is at least this share of the label entropy. vanishing_ratio, exploding_ratio: bounds on
    δ²_1/δ²_H below and above which gradients count as vanishing and exploding. saturation: |φ′| below which a unit counts
    as saturated on a sample. rope: differences of mean test accuracy up to this do not matter in practice.
    """

    target_accuracy: float = 0.95
    stalled_ratio: float = 0.95
    vanishing_ratio: float = 0.01
    exploding_ratio: float = 100.0
    saturation: float = 0.05
    rope: float = 0.01
