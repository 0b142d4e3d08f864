"""Softmax cross-entropy."""

import numpy as np

from initbench.network import kernels


def cross_entropy(logits: np.ndarray, one_hot: np.ndarray, cotangent: np.ndarray) -> np.ndarray:
    """Softmax cross-entropy of every sample, shape (M, B); writes ∂(sum over samples)/∂logits = p − y to `cotangent`.

    logits (M, B, K); one_hot (M or 1, B, K). Logits that are not finite give a loss that is not.
    """
    shifted, total, true_class = np.empty_like(logits), *np.empty((2, *logits.shape[:2]), logits.dtype)
    kernels.less_largest(shifted, logits)
    np.exp(shifted, out=cotangent)
    kernels.softmax_cotangent(cotangent, shifted, one_hot, total, true_class)
    return np.subtract(np.log(total, out=total), true_class, out=total)
