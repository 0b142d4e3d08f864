"""Initialisation schemes: how the weight and bias of a layer are drawn, one scheme or family a module.

A scheme is a function registered by name. It takes a generator and either the layer or only its fans, then its own
parameters, and returns W of shape (fan_in, fan_out), float64, or the pair (W, b) with b of shape (fan_out,); b is zero
where the scheme does not set it. Of a convolution, whose fans count its receptive field, W is (fan_in, units), its rows tap
by tap and channel by channel: a scheme that is given the fans alone draws (fan_in, fan_out), and the first columns are
taken; one to which the shape of W matters asks for the layer. Schemes that scale one distribution must draw it by the same
generator call, so that with one seed their weights are the same numbers, scaled.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from initbench.base.registry import Registry

SCHEMES = Registry("scheme", "initbench.schemes", check="initbench.schemes.check:check")


@dataclass(frozen=True)
class Layer:
    """The place that a scheme draws for: layer `index` of 1 … depth + 1.

    Args:
        fan_in: Number of inputs; of a convolution its taps times the channels that it is given.
        fan_out: Number of units; of a convolution its taps times its channels.
        index: Which layer it is, from 1.
        depth: Number of hidden layers of the network.
        activation: What follows the layer: the network's, or linear for the output layer.
        normalization: What stands between them: none, batch or layer; none for the output layer.
        network_activation: What follows the hidden layers, known to the output layer too; empty for a network without any.
        block: Which residual branch it is in, from 1; 0 outside of branches.
        blocks: Number of residual branches of the network.
        branch_layer: Which linear map of its branch it is, from 1; 0 outside.
        branch_layers: Number of linear maps in its branch.
        last_normalization: Whether that normalisation is the last of a branch.
        receptive_field: Taps of a convolution, which both fans count; 1 for a layer of units.
    """

    fan_in: int
    fan_out: int
    index: int = 1
    depth: int = 1
    activation: str = "linear"
    normalization: str = "none"
    network_activation: str = ""
    block: int = 0
    blocks: int = 0
    branch_layer: int = 0
    branch_layers: int = 0
    last_normalization: bool = False
    receptive_field: int = 1

    @property
    def units(self) -> int:
        """Columns of W: units, or channels of a convolution."""
        return self.fan_out // self.receptive_field

    @property
    def channels(self) -> int:
        """Inputs, or the channels that a convolution is given."""
        return self.fan_in // self.receptive_field

    @property
    def is_output(self) -> bool:
        return self.index == self.depth + 1

    @property
    def ends_branch(self) -> bool:
        """Whether it is the last linear map of a residual branch."""
        return 0 < self.branch_layer == self.branch_layers


@dataclass(frozen=True)
class Scheme:
    """A registered scheme: its drawing function and, for data-dependent schemes, `calibrate` (see `draw.calibrated`).

    `variances(layer, **parameters)` gives the variance of a weight, or the pair of those of a weight and a bias;
    `rates(layer, optimizer, **parameters)` by what a layer multiplies the learning rate; `gain` and `branch_gain`, called as
    `variances` is, what γ and the α of a residual branch start at, if not at 1.
    """

    name: str
    function: Callable
    calibrate: Callable | None
    iid: bool
    variances: Callable | None
    rates: Callable | None = None
    gain: Callable | None = None
    branch_gain: Callable | None = None

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The scheme's own parameters, in order."""
        taken = {"rng", "layer", "fan_in", "fan_out"}
        return {k: p for k, p in inspect.signature(self.function).parameters.items() if k not in taken}

    @property
    def wants_layer(self) -> bool:
        return "layer" in inspect.signature(self.function).parameters


def scheme(
    name: str,
    *,
    calibrate: Callable | None = None,
    iid: bool = False,
    variances: Callable | None = None,
    rates: Callable | None = None,
    gain: Callable | None = None,
    branch_gain: Callable | None = None,
):
    """Register the decorated function as the scheme `name`.

    Args:
        name: As studies write it: lower-case letters, digits and underscores.
        calibrate: `calibrate(parameters, batch)` or `calibrate(parameters, batch, forward)` returns new parameters for the
            drawn network before step 0 is measured; `draw.calibrated` says what it is given.
        iid: Says that all entries of W are independent draws of one centred distribution whose variance does not depend on
            which hidden layer it is, but for the fans, and b likewise or zero: what mean-field theory assumes.
        variances: `variances(layer, **parameters)` implies iid and states the variance of a weight, or the pair of those of
            a weight and a bias, which may depend on where in a residual branch the layer stands; it may raise ValueError for a
            layer that the scheme cannot serve.
        rates: `rates(layer, optimizer, **parameters)` gives by what the learning rate of the layer's weights is multiplied in
            training by the optimiser of that name, or the pair of that and the factor of all its other parameters, biases,
            gains and shifts; 0 leaves them as they are drawn. It may raise ValueError for an optimiser that it knows no rates for.
        gain: `gain(layer, **parameters)` gives what γ of the layer's normalisation starts at, 1 without it.
        branch_gain: `branch_gain(layer, **parameters)` gives what α starts at, by which a residual network multiplies the branch
            that the layer ends, 1 without it.

    Returns:
        A decorator of `function(rng, fan_in, fan_out, …)` or `function(rng, layer, …)`, which returns W (fan_in, fan_out), or (W, b);
        given a convolution's layer, W (layer.fan_in, layer.units).

    Raises:
        ValueError: For a name that is taken or not allowed.
    """

    stated = (calibrate, iid or variances is not None, variances, rates, gain, branch_gain)
    return SCHEMES.register(name, lambda function: Scheme(name, function, *stated))
