"""Small convolutional networks for square images."""

from collections.abc import Iterator
from functools import partial

from initbench.architectures import architecture
from initbench.network.convolution import Convolution
from initbench.network.dense import Dense
from initbench.network.images import AtPositions, GlobalPooling, Image
from initbench.network.layer import Layer

SMALLEST = 4  # side of an image that is made no smaller


def _network(inputs, classes, width, depth, activation, normalization, circular: bool) -> Iterator[Layer]:
    if depth:
        yield Image()
        (side, _, _) = Image().output(inputs)
        convolution = partial(Convolution, width, circular=circular, bias=not normalization)
        for index in range(depth):
            halved = index > 0 and side > SMALLEST
            side = -(-side // 2) if halved else side
            yield convolution(stride=2 if halved else 1)
            yield from map(AtPositions, normalization)
            yield from activation
        yield GlobalPooling()
    yield Dense(classes)


@architecture("convnet")
def convnet(inputs, classes, width, depth, activation, normalization) -> Iterator[Layer]:
    """`depth` convolutions of 3 × 3 taps and `width` channels, each with its φ, the mean over positions, then a W + b.

    The features are a square image of one channel, padded with zeros. From the second layer on the stride is 2 as long as the
    image is larger than 4 × 4: digits are 8 × 8 in the first layer and 4 × 4 in the others. Depth 0 is logistic regression
    on the features. ValueError for features that are no square.
    """
    return _network(inputs, classes, width, depth, activation, normalization, circular=False)


@architecture("convnet_circular")
def convnet_circular(inputs, classes, width, depth, activation, normalization) -> Iterator[Layer]:
    """`convnet` with images padded by their own other side, so that every place sees nine taps, as mean-field theory has it.

    Source: Xiao et al. 2018, §2, who pad so.
    """
    return _network(inputs, classes, width, depth, activation, normalization, circular=True)
