"""A network of my own: which layers stand one after the other."""

from initbench.extend import architecture
from initbench.network.dense import Dense


@architecture("my_name")
def my_name(inputs, classes, width, depth, activation, normalization):
    """A multilayer perceptron whose first hidden layer is twice as wide as the others."""
    # Exactly `depth` layers are followed by φ; the last layer has one unit a class and nothing behind it. What a layer of
    # one's own must do: initbench.network.layer.
    for index in range(depth):
        yield Dense(width if index else 2 * width, bias=not normalization)  # normalisation has a shift of its own
        yield from normalization
        yield from activation
    yield Dense(classes)
