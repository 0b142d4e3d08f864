"""In how many ways the matrix products of a network round units that are equal.

In exact arithmetic a layer of equal units stays one for ever. A matrix library works through a product in tiles, and some
of its kernels sum the tiles at an edge in another order: columns that are equal going in then differ in their last bit
coming out, and training amplifies the difference. Units in the same place of a tile are rounded alike and stay equal. So
the number of classes that the library makes of equal units is how many distinct units rounding alone can leave.
"""

from functools import lru_cache

import numpy as np

from initbench.network.sums import batch_sum

DRAWS = 8  # of each product: in a single one, two ways of rounding can agree by chance


@lru_cache(maxsize=64)
def unit_classes(inputs: int, width: int, classes: int, batch: int, dtype: str) -> int:
    """Classes of the units of a multilayer perceptron's hidden layers, by every product of a training step that they are in.

    1 where equal units stay equal to the last bit; `width` where the library can set any of them apart.
    """
    rng = np.random.default_rng(0)
    fans_in, fans_out = {inputs, width}, {width, classes}

    def drawn(*shape):
        return rng.standard_normal(shape).astype(dtype)[None]

    labels = []
    for _ in range(DRAWS):
        equal_delta = np.repeat(drawn(batch, 1), width, axis=2)
        products = [batch_sum(equal_delta)]
        for fan_in in fans_in:
            inputs = drawn(batch, fan_in)
            products.append(np.matmul(inputs, np.repeat(drawn(fan_in, 1), width, axis=2)))
            products.append(np.matmul(inputs.swapaxes(1, 2), equal_delta))
        for fan_out in fans_out:
            delta, weight = drawn(batch, fan_out), np.repeat(drawn(1, fan_out), width, axis=1)
            transposed = weight.swapaxes(1, 2)
            products += [np.matmul(delta, transposed), np.matmul(delta, transposed.copy())]  # training may do either
            products.append(np.matmul(equal_delta.swapaxes(1, 2), delta).swapaxes(1, 2))
        labels += [np.unique(product[0], axis=1, return_inverse=True)[1].ravel() for product in products]
    return np.unique(np.stack(labels), axis=1).shape[1]
