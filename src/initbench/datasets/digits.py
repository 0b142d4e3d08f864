"""Handwritten digits."""

from initbench.datasets import dataset


@dataset("digits")
def digits():
    """1,797 handwritten digits of 8 × 8 pixels in 10 classes (Alpaydin & Kaynak 1998), as scikit-learn ships them."""
    from sklearn.datasets import load_digits

    return load_digits(return_X_y=True)
