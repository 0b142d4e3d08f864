"""Softmax cross-entropy."""

import numpy as np

from initbench.network.products import ones


def cross_entropy(logits: np.ndarray, one_hot: np.ndarray, cotangent: np.ndarray) -> np.ndarray:
    """Softmax cross-entropy of every sample, shape (M, B); writes ∂(sum over samples)/∂logits = p − y to `cotangent`.

    logits (M, B, K); one_hot (M or 1, B, K). Logits that are not finite give a loss that is not.
    """
    # the largest over the classes, with the classes first: reducing short rows is slow
    shifted = logits - np.maximum.reduce(np.ascontiguousarray(np.moveaxis(logits, 2, 0)), axis=0)[..., None]
    np.exp(shifted, out=cotangent)
    total = cotangent.sum(axis=2, keepdims=True)
    cotangent /= total
    cotangent -= one_hot
    true_class = np.matmul(np.where(one_hot > 0, shifted, 0), ones(logits.shape[2], logits.dtype).T)
    return (np.log(total) - true_class)[..., 0]
