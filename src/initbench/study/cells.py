"""The words of a study: cells, shards and how a run is trained."""

import re
from dataclasses import asdict, dataclass, fields
from numbers import Integral
from typing import Literal

from initbench.activations import ACTIVATIONS
from initbench.architectures import ARCHITECTURES, build
from initbench.base.columns import Column
from initbench.base.registry import NAME
from initbench.network.layer import Network
from initbench.network.normalization import normalization as normalization_layers
from initbench.optimizers import OPTIMIZERS
from initbench.schemes import Layer
from initbench.schemes.draw import described
from initbench.schemes.label import SchemeCall, parse_scheme

# A seed has one role. Both are counted from an end of their own, so that more of one changes nothing of the other.
SCORING, TUNING = "scoring", "tuning"
FIRST_TUNING_SEED = 1_000_000  # scoring seeds are 0, 1, 2 …, fewer than that

# The keys of every table, in the order by which rows are sorted. No other module lists them.
KEY_COLUMNS = (
    Column("dataset", str, "name of the data set"),
    Column("architecture", str, "kind of network, such as mlp or convnet"),
    Column("width", int, "units of a hidden layer, or channels of a convolution", unit="units"),
    Column("depth", int, "number of hidden layers", unit="layers"),
    Column("activation", str, "φ"),
    Column("normalization", str, "none, batch or layer"),
    Column("optimizer", str, "how the parameters follow their gradients: sgd (with momentum), adam, adamw"),
    Column("scheme", str, "how the parameters were drawn"),
    Column("role", str, "tuning: the cell's learning rate is chosen on its seed; scoring: the cell is judged by it"),
    Column("learning_rate", float, "step size; null if nothing was trained"),
    Column("seed", int, "seed of split, draws and batch order"),
)
RUN = [column.name for column in KEY_COLUMNS]  # a trained network
START = [name for name in RUN if name != "learning_rate"]  # what is drawn, and measured at step 0
CELL = [name for name in START if name not in ("role", "seed")]
BLOCK = [name for name in CELL if name != "scheme"]  # the statistician's block: schemes are compared within it


@dataclass(frozen=True)
class Cell:
    """One point of the grid without learning rate and seed. At depth 0 there is nothing to normalise.

    The scheme's label is made canonical.

    Args:
        dataset: Name of a registered data set, or of a file of your own.
        width: Units of every hidden layer, from 1.
        depth: Number of hidden layers, from 0.
        activation: Name of a registered activation.
        normalization: none, batch or layer.
        scheme: Label of a scheme with its parameters, such as "constant(0.1)".
        architecture: Name of a registered architecture.
        optimizer: Name of a registered optimiser.

    Raises:
        UnknownNameError: With the names that there are, for an architecture, activation, normalisation, optimiser or scheme
            that there is not.
        ValueError: For another value that no cell has.
    """

    dataset: str
    width: int
    depth: int
    activation: str
    normalization: str
    scheme: str
    architecture: str = "mlp"
    optimizer: str = "sgd"

    def __post_init__(self) -> None:
        for name, least in (("width", 1), ("depth", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
                raise ValueError(f"{name} {value!r}: give a whole number from {least}")
        if not NAME.fullmatch(self.dataset):
            raise ValueError(f"data set {self.dataset!r}: use lower-case letters, digits and underscores")
        for registry, name in (
            (ARCHITECTURES, self.architecture),
            (ACTIVATIONS, self.activation),
            (OPTIMIZERS, self.optimizer),
        ):
            _ = registry[name]  # refuses what there is not
        normalization_layers(self.normalization)
        object.__setattr__(self, "scheme", parse_scheme(self.scheme).label)

    @property
    def bound_scheme(self) -> SchemeCall:
        return parse_scheme(self.scheme)

    @property
    def shape_slug(self) -> str:
        """All of the cell but its scheme, as a safe path segment: letters, digits and . _ + - only."""
        return (
            f"{self.dataset}.{self.architecture}-{self.width}x{self.depth}.{self.activation}"
            f".{self.normalization}.{self.optimizer}"
        )

    @property
    def slug(self) -> str:
        """The cell as one safe path segment: letters, digits and . _ + - only."""
        return f"{self.shape_slug}.{re.sub(r'[(,=]', '-', self.scheme).rstrip(')')}"

    def __str__(self) -> str:
        return (
            f"{self.scheme} · {self.activation} · depth {self.depth} · width {self.width} · "
            f"normalization {self.normalization} · {self.dataset}"
        )

    def build(self, inputs: int, classes: int) -> Network:
        """The network of this cell for data with that many features and classes."""
        return build(self.architecture, (inputs,), classes, self.width, self.depth, self.activation, self.normalization)

    def takes(self, inputs: int, classes: int) -> bool:
        """Whether its architecture takes so many features: a convolutional one takes images that are square."""
        try:
            self.build(inputs, classes)
        except ValueError:
            return False
        return True

    def layers(self, inputs: int, classes: int) -> list[Layer]:
        """What a scheme is told about each layer, 1 … depth + 1."""
        return described(self.build(inputs, classes))


@dataclass(frozen=True)
class Training:
    """How the runs of a cell are trained and what is recorded.

    Args:
        steps: Updates; 0 measures the initialisation only, without learning rates.
        learning_rates: Step sizes, each of which is trained.
        batch_size: Samples, or 0 for the whole training split (full-batch gradient descent).
        momentum: Of sgd.
        nesterov: Whether that momentum is Nesterov's.
        beta1: Of adam and adamw: share kept of the mean of gradients.
        beta2: Of adam and adamw: share kept of their mean square.
        epsilon: Of adam and adamw: added to the root of the mean square.
        weight_decay: Of adamw: share of the rate by which weights decay.
        dtype: Precision of training; step 0 is always measured in float64.
        records: Number of log-spaced steps recorded after step 0.
        changes: Whether it is measured how far each update before a record moved what every φ is given.
        saturation: Slope, in absolute value, below which a unit counts as saturated on a sample.
        study_seed: First key of every draw.
    """

    steps: int = 200
    learning_rates: tuple[float, ...] = (0.003, 0.03, 0.3)
    batch_size: int = 64
    momentum: float = 0.9
    nesterov: bool = False
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    dtype: Literal["float32", "float64"] = "float32"
    records: int = 9
    changes: bool = False
    saturation: float = 0.05
    study_seed: int = 0

    def to_dict(self) -> dict:
        """Plain values, for JSON."""
        return {**asdict(self), "learning_rates": list(self.learning_rates)}

    @classmethod
    def from_dict(cls, values: dict) -> "Training":
        known = {f.name for f in fields(cls)}
        if unknown := set(values) - known:
            raise ValueError(f"training has no {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        return cls(**{**values, "learning_rates": tuple(values.get("learning_rates", cls.learning_rates))})


@dataclass(frozen=True)
class Shard:
    """One file: an aligned block of seeds of one cell in one role.

    tuned: whether its runs are trained at the learning rate that is chosen on the cell's tuning seeds, and at no other.
    """

    cell: Cell
    seeds: tuple[int, ...]
    training: Training
    role: str = SCORING
    tuned: bool = False

    @property
    def rates(self) -> tuple[float, ...] | None:
        """The learning rates of every seed: none if nothing is trained, None as long as the rate is to be chosen."""
        if not self.training.steps:
            return ()
        return None if self.tuned else self.training.learning_rates

    @property
    def runs(self) -> int:
        """Number of runs; a start that is not trained counts as one."""
        return len(self.seeds) * len(self.rates or (None,))

    @property
    def seed_range(self) -> str:
        """The shard's seeds in the names of its files."""
        return f"{self.seeds[0]}-{self.seeds[-1]}"
