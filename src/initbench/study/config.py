"""The configuration of a study: every key, its default, what it may be and what it means.

These models are the only source of the keys: the schema for editors, the default study's comments and
docs/reference/configuration.md are generated from them (`initbench generate`). Defaults that training and tables share are those of
`Training` and `Thresholds`.
"""

from typing import Annotated, Literal

from pydantic import Field

from initbench.network.normalization import NORMALIZATIONS
from initbench.study.cells import Training
from initbench.study.thresholds import Thresholds
from initbench.study.values import LARGEST_SEED, MOST, NUMBER, WHOLE, Axis, DataSet, Different, Number, Section, Whole


class Grid(Section):
    """Axes of networks: a grid is their cross product."""

    datasets: Axis[DataSet] = Field(
        ["digits"],
        description="names, files of your own: {name, path, label, features, drop}, or of OpenML: {name, openml, version}",
    )
    architectures: Axis[str] = Field(["mlp"], description="kinds of network")
    widths: Axis[Annotated[int, Field(ge=1, le=MOST), WHOLE]] = Field([64], description="units of every hidden layer")
    depths: Axis[Annotated[int, Field(ge=0, le=100_000), WHOLE]] = Field(
        [1, 3, 10], description="numbers of hidden layers; 0 is logistic regression"
    )
    activations: Axis[str] = Field(["sigmoid", "tanh", "relu"], description="activation functions")
    normalizations: Axis[Annotated[str, Field(json_schema_extra={"enum": [*NORMALIZATIONS]})]] = Field(
        ["none"], description="what stands between a layer's linear map and its activation: none, batch or layer"
    )
    optimizers: Axis[str] = Field(
        ["sgd"], description="how the parameters are updated: sgd (with momentum), adam, adamw"
    )
    schemes: Axis[str] = Field(
        ["zeros", "constant(0.1)", "small_normal", "xavier_tanh", "he_normal"],
        description="initialisation schemes with their parameters, such as constant(0.1) or constant(0.1,bias=0.1)",
    )
    seeds: Whole = Field(10, ge=1, le=MOST, description="number of scoring seeds, by which cells are judged: 0, 1, 2 …")


class SeedAxesConfig(Section):
    """Three axes that the scoring seeds cross, in place of one seed for all: a study of where variance comes from."""

    split: Whole = Field(ge=1, le=MOST, description="number of splits of the data")
    draw: Whole = Field(ge=1, le=MOST, description="number of draws of the parameters")
    order: Whole = Field(ge=1, le=MOST, description="number of orders of the batches")


class TrainingConfig(Section):
    """How every run is trained."""

    steps: Whole = Field(
        Training.steps, ge=0, le=10**9, description="updates of every run; 0 measures the initialisation only"
    )
    batch_size: Annotated[int, Field(ge=1, le=10**9), WHOLE] | Literal["all"] = Field(
        Training.batch_size, description="samples a step, or all: full-batch gradient descent"
    )
    momentum: Number = Field(Training.momentum, ge=0, lt=1, description="of sgd")
    nesterov: bool = Field(Training.nesterov, description="whether the momentum of sgd is Nesterov's")
    beta1: Number = Field(
        Training.beta1, ge=0, lt=1, description="of adam and adamw: share kept of the mean of gradients"
    )
    beta2: Number = Field(Training.beta2, ge=0, lt=1, description="of adam and adamw: share kept of their mean square")
    epsilon: Number = Field(
        Training.epsilon, gt=0, description="of adam and adamw: added to the root of the mean square"
    )
    weight_decay: Number = Field(
        Training.weight_decay, ge=0, description="of adamw: share of the rate by which weights decay"
    )
    dtype: Literal["float32", "float64"] = Field(
        Training.dtype, description="precision of training; step 0 is always measured in float64"
    )
    records: Whole = Field(
        Training.records,
        ge=2,
        le=10**4,
        description="log-spaced steps recorded after step 0, step 1 and the last included",
    )
    changes: bool = Field(
        Training.changes,
        description="whether to measure how far the last update before a record moved each layer's pre-activations",
    )


class ThresholdsConfig(Section):
    """What counts as trained, stalled, vanishing and so on: fixed before anything is run."""

    target_accuracy: Number = Field(
        Thresholds.target_accuracy, gt=0, le=1, description="trained: at least this training accuracy at the last step"
    )
    stalled_ratio: Number = Field(
        Thresholds.stalled_ratio, gt=0, description="stalled: no training loss below this share of the label entropy"
    )
    vanishing_ratio: Number = Field(
        Thresholds.vanishing_ratio,
        gt=0,
        description="vanishing: the first hidden layer's squared cotangent is below this share of the last's",
    )
    exploding_ratio: Number = Field(
        Thresholds.exploding_ratio, gt=0, description="exploding: it is above this multiple"
    )
    saturation: Number = Field(
        Thresholds.saturation, gt=0, description="saturated: a unit whose slope on a sample is below this"
    )
    rope: Number = Field(
        Thresholds.rope, gt=0, le=1, description="equal in practice: mean test accuracies that differ by up to this"
    )


class Report(Section):
    """What the study is called and where it is written."""

    title: str = Field("A study of initialisation schemes", description="heading of the report")
    results_dir: str = Field(
        "results", min_length=1, description="folder that everything is written to; give every study its own"
    )
    replication: str | None = Field(
        None,
        min_length=1,
        description="published experiment that this study repeats, such as he2015; its findings are reported",
    )
    confirmation: str | None = Field(
        None,
        min_length=1,
        description="results folder of a study with fresh draws or data; its verdicts, once it has run, stand beside this one's",
    )
    extensions: Different[str] = Field(
        [], description="Python files of your own that register schemes, activations, data sets and more"
    )
    study_seed: Whole = Field(
        Training.study_seed,
        ge=-LARGEST_SEED,
        le=LARGEST_SEED,
        description="first key of every random draw; another one repeats the study with fresh draws",
    )


class Config(Grid, Report):
    """A study of neural-network initialisation."""

    learning_rates: Axis[Annotated[float, Field(gt=0), NUMBER]] = Field(
        list(Training.learning_rates), description="step sizes; one is chosen per cell, on validation data"
    )
    tuning: Annotated[int, Field(ge=3, le=MOST), WHOLE] | Literal["none"] = Field(
        3,
        description="number of tuning seeds: they are trained at every learning rate, the cell's is chosen on them, and the "
        "scoring seeds are trained at that one; none: the scoring seeds are trained at every rate, and it is chosen on them",
    )
    reference: str = Field(
        "xavier_tanh",
        description="scheme that the others are compared with (by default, without xavier_tanh, the first)",
    )
    seed_axes: SeedAxesConfig | None = Field(
        None,
        description="splits, draws and batch orders that scoring seeds cross, as {split: 6, draw: 4, order: 3}; seeds is then their "
        "product; by default one seed drives all three",
    )
    looks: Whole = Field(
        1,
        ge=1,
        le=MOST,
        description="how often at most results are looked at while seeds are added; every p_adjusted counts that many looks",
    )
    seeds_per_shard: Whole = Field(
        10, ge=1, le=MOST, description="seeds of a cell trained together, in one file; results do not depend on it"
    )
    minutes_per_job: Number = Field(
        0.5, gt=0, description="about how long a training job takes; results do not depend on it"
    )
    training: TrainingConfig = Field(default_factory=TrainingConfig, description="how every run is trained")
    thresholds: ThresholdsConfig = Field(
        default_factory=ThresholdsConfig, description="by which runs are judged, fixed before anything is run"
    )
    further: list[Grid] = Field(
        [], description="further grids, trained as the study's own is; axes not given are those of the study"
    )
    initial: list[Grid] = Field(
        [], description="further grids, measured at initialisation only; axes not given are those of the study"
    )
