"""Things of every kind but schemes that do not keep to their contract: the code, and what is said of it when it is loaded."""

HEAD = """
import numpy as np
from initbench.extend import Column, activation, analysis, architecture, claim, dataset, figure
from initbench.extend import optimizer, probe, scheme, section
from initbench.network.dense import Dense
from initbench.optimizers import Optimizer
"""
FAULTY = {
    "not a number for z < 0": (
        """
        @activation("faulty", derivative=lambda z, out: np.divide(0.5, np.sqrt(z), out=out))
        def faulty(z, out):
            with np.errstate(invalid="ignore"):
                return np.sqrt(z, out=out)
        """,
        r"activation 'faulty': φ \(float64\) is not finite at z = -4\.03",
    ),
    "out not written": (
        """
        @activation("faulty", derivative=lambda z, out: np.multiply(2, z, out=out))
        def faulty(z, out):
            return z * z
        """,
        r"activation 'faulty': φ \(float64\) does not write to `out`",
    ),
    "wrong derivative": (
        """
        @activation("faulty", derivative=lambda z, out: np.multiply(3, z, out=out))
        def faulty(z, out):
            return np.multiply(z, z, out=out)
        """,
        r"activation 'faulty': φ′\(-4\.03\) = -12\.09, but differences of φ give -8\.06",
    ),
    "wrong pull-back": (
        """
        def pull_back(a, cotangent):
            cotangent *= a

        @activation("faulty", derivative=lambda z, out: np.multiply(2, z, out=out), pull_back_from_output=pull_back)
        def faulty(z, out):
            return np.multiply(z, z, out=out)
        """,
        r"activation 'faulty': pull_back_from_output is not φ′ at z = -4\.03",
    ),
    "in-place": (
        """
        def slope(z, out):
            z *= 2
            return np.copyto(out, z)

        @activation("faulty", derivative=slope)
        def faulty(z, out):
            return np.multiply(z, z, out=out)
        """,
        r"activation 'faulty': φ′ \(float64\) changes its input z",
    ),
    "a layer too many": (
        """
        @architecture("faulty")
        def faulty(inputs, classes, width, depth, activation, normalization):
            for _ in range(depth + 1):
                yield from (Dense(width), *activation)
            yield Dense(classes)
        """,
        r"architecture 'faulty' at depth 0, normalization none has 1 layers followed by φ: it must have 0",
    ),
    "no logits": (
        """
        @architecture("faulty")
        def faulty(inputs, classes, width, depth, activation, normalization):
            return [Dense(width)]
        """,
        r"architecture 'faulty' at depth 0, normalization none ends with the shape \(5,\), not one logit a class, \(3,\)",
    ),
    "an optimiser that changes nothing": (
        """
        @optimizer("faulty")
        def faulty(momentum=0.9):
            def update(theta, gradient, state, rate, step, start):
                theta = theta - rate * gradient
            return Optimizer(lambda theta: (), update, lambda state, rate, step: 0)
        """,
        r"optimizer 'faulty' \(float64\) leaves the parameters as they are: update must change them in place",
    ),
    "an optimiser that forgets where its layer starts": (
        """
        @optimizer("faulty")
        def faulty():
            def update(theta, gradient, state, rate, step, start):
                theta[:, : gradient.shape[1]] -= rate * gradient
            return Optimizer(lambda theta: (), update, lambda state, rate, step: 0)
        """,
        r"optimizer 'faulty' \(float64\) gives other numbers layer by layer: use the columns from `start` on",
    ),
    "a setting without a default": (
        """
        @optimizer("faulty")
        def faulty(speed):
            return None
        """,
        r"optimizer 'faulty': TypeError: faulty\(\) missing 1 required positional argument: 'speed'",
    ),
    "other columns": (
        """
        @probe("faulty", table="layers", columns=[Column("faulty_sum", float, "a sum")])
        def faulty(layer):
            return {"faulty_total": layer.weight.sum(axis=(1, 2))}
        """,
        r"probe 'faulty' at depth 0, normalization none: it declares faulty_sum and returned faulty_total",
    ),
    "one number for all networks": (
        """
        @probe("faulty", table="signal", columns=[Column("faulty_sum", float, "a sum")])
        def faulty(snapshot):
            return {"faulty_sum": snapshot.logits.sum()}
        """,
        r"probe 'faulty' at depth 0, normalization none: faulty_sum has shape \(\), not one number a network",
    ),
    "networks that are not apart": (
        """
        @probe("faulty", table="signal", columns=[Column("faulty_share", float, "a share")])
        def faulty(snapshot):
            size = abs(snapshot.logits).sum(axis=(1, 2))
            return {"faulty_share": size / size.sum()}
        """,
        r"faulty_share of a network depends on what it is stacked with",
    ),
    "an analysis that forgets a column": (
        """
        @analysis("faulty", row="a scheme", columns=(Column("scheme", str, "the scheme"), Column("mean", float, "a mean")))
        def faulty(tables, settings):
            return tables.runs[["scheme"]]
        """,
        r"analysis faulty, of a study without runs: KeyError: .*mean",
    ),
    "an analysis of a table that there is not": (
        """
        @analysis("faulty", row="a scheme", reads=("rums",), columns=(Column("scheme", str, "the scheme"),))
        def faulty(tables, settings):
            return tables.runs[["scheme"]]
        """,
        r"extension faulty\.py:\d+: analysis faulty: no table is named 'rums'; there are: runs",
    ),
    "a claim on two tables": (
        """
        @claim("faulty", statement="It is so.", rule="It is.")
        def faulty(runs, layers):
            return []
        """,
        r"claim 'faulty' takes \(runs, layers\); it is called with \(tables\)",
    ),
    "a figure without arguments": (
        """
        @figure("faulty", tables=("runs",), section="depth")
        def faulty():
            return None
        """,
        r"figure 'faulty' takes \(\); it is called with \(tables, words\)",
    ),
    "a section of one argument": (
        """
        @section("faulty", title="Faulty", template="")
        def faulty(tables):
            return {}
        """,
        r"section 'faulty' takes \(tables\); it is called with \(tables, study, words\)",
    ),
    "a name that is taken": (
        """
        @claim("zero-symmetry", statement="It is so.", rule="It is.")
        def faulty(tables):
            return []
        """,
        r"two claims are named 'zero-symmetry'",
    ),
    "labels that do not fit": (
        """
        @dataset("faulty")
        def faulty():
            return np.ones((5, 2)), [0, 1, 0, 1]
        """,
        r"data set faulty: features of shape \(5, 2\) do not fit 4 labels",
    ),
    "no pair": (
        """
        @dataset("faulty")
        def faulty():
            return None
        """,
        r"data set faulty: it returns NoneType, not the pair \(features, labels\)",
    ),
    "another data set each time": (
        """
        @dataset("faulty")
        def faulty():
            return np.random.default_rng().normal(size=(10, 2)), [0, 1] * 5
        """,
        r"data set 'faulty' is another at each call",
    ),
    "a data set with an argument": (
        """
        @dataset("faulty")
        def faulty(seed):
            return np.ones((4, 2)), [0, 1, 0, 1]
        """,
        r"data set 'faulty' takes \(seed\); it is called with \(\)",
    ),
}
