"""Further small data sets that scikit-learn ships."""

from initbench.datasets import dataset


@dataset("wine")
def wine():
    """178 wines by 13 chemical measurements, 3 cultivars (Aeberhard & Forina 1991)."""
    from sklearn.datasets import load_wine

    return load_wine(return_X_y=True)


@dataset("breast_cancer")
def breast_cancer():
    """569 cell samples by 30 measurements, malignant or benign (Wolberg et al. 1993)."""
    from sklearn.datasets import load_breast_cancer

    return load_breast_cancer(return_X_y=True)
