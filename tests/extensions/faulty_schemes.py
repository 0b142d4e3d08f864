"""Schemes that do not keep to their contract: the code, and what is said of it when it is loaded."""

FAULTY_SCHEMES = {
    "transposed": (
        """
        @scheme("faulty")
        def faulty(rng, fan_in, fan_out):
            return rng.normal(size=(fan_out, fan_in))
        """,
        r"scheme faulty: W has shape \(12, 16\), not \(16, 12\), on a layer of 16 × 12",
    ),
    "global generator": (
        """
        @scheme("faulty")
        def faulty(rng, fan_in, fan_out):
            return np.random.default_rng().normal(size=(fan_in, fan_out))
        """,
        r"scheme 'faulty' draws otherwise when it is given an equal rng",
    ),
    "a generator of its own": (
        """
        @scheme("faulty")
        def faulty(rng, fan_in, fan_out):
            return np.random.default_rng(0).normal(size=(fan_in, fan_out))
        """,
        r"scheme 'faulty' draws the same for every rng, from np\.random\.default_rng: draw from rng, or all seeds are one",
    ),
    "the global generator, seeded": (
        """
        @scheme("faulty")
        def faulty(rng, fan_in, fan_out):
            np.random.seed(0)
            return np.random.normal(size=(fan_in, fan_out))
        """,
        r"scheme 'faulty' draws the same for every rng, from NumPy's global generator",
    ),
    "a calibration that transposes": (
        """
        @scheme("faulty", calibrate=lambda parameters, batch: [(weight.T, bias) for weight, bias in parameters])
        def faulty(rng, fan_in, fan_out):
            return rng.normal(size=(fan_in, fan_out))
        """,
        r"scheme faulty: calibrate returned arrays of shapes .*, not ",
    ),
    "a calibration in place": (
        """
        def halve(parameters, batch):
            for weight, bias in parameters:
                weight /= 2
            return parameters


        @scheme("faulty", calibrate=halve)
        def faulty(rng, fan_in, fan_out):
            return rng.normal(size=(fan_in, fan_out))
        """,
        r"scheme faulty: calibrate: .*read-only: return new arrays and change none that is given",
    ),
    "a calibration that draws": (
        """
        def shake(parameters, batch):
            return [(weight + np.random.default_rng().normal(size=weight.shape), bias) for weight, bias in parameters]


        @scheme("faulty", calibrate=shake)
        def faulty(rng, fan_in, fan_out):
            return rng.normal(size=(fan_in, fan_out))
        """,
        r"scheme 'faulty': calibrate returns other numbers when it is given the same again",
    ),
    "a calibration that breaks": (
        """
        @scheme("faulty", calibrate=lambda parameters, batch: parameters[99])
        def faulty(rng, fan_in, fan_out):
            return rng.normal(size=(fan_in, fan_out))
        """,
        r"scheme 'faulty': calibrate: IndexError: list index out of range",
    ),
    "no decorator": (
        """
        def faulty(rng, fan_in, fan_out):
            return np.ones((fan_in, fan_out))
        """,
        r'extension faulty\.py registers nothing: write a decorator above a function, such as @scheme\("faulty"\)',
    ),
    "not finite": (
        """
        @scheme("faulty")
        def faulty(rng, layer):
            return np.full((layer.fan_in, layer.fan_out), np.inf if layer.is_output else 1.0)
        """,
        r"W has values that are not finite, on a layer of 12 × 10",
    ),
    "complex": (
        """
        @scheme("faulty")
        def faulty(rng, fan_in, fan_out):
            return rng.normal(size=(fan_in, fan_out)) + 1j
        """,
        r"scheme faulty: W or b is complex: give real numbers, on a layer of 16 × 12",
    ),
    "a parameter that is text": (
        """
        @scheme("faulty")
        def faulty(rng, fan_in, fan_out, mode="fast"):
            return rng.normal(size=(fan_in, fan_out))
        """,
        r"scheme 'faulty': the default of 'mode' is 'fast': give a number or None",
    ),
    "no generator": (
        """
        @scheme("faulty")
        def faulty(fan_in, fan_out):
            return np.ones((fan_in, fan_out))
        """,
        r"scheme 'faulty': declare it as \(rng, fan_in, fan_out, …\) or \(rng, layer, …\)",
    ),
    "error of its own": (
        """
        @scheme("faulty")
        def faulty(rng, layer):
            return layer.fans
        """,
        r"extension faulty\.py:\d+: scheme 'faulty' on a layer of .*AttributeError",
    ),
    "other variance": (
        """
        @scheme("faulty", variances=lambda layer: 1 / layer.fan_in)
        def faulty(rng, fan_in, fan_out):
            return rng.normal(0, (2 / fan_in) ** 0.5, (fan_in, fan_out))
        """,
        r"scheme 'faulty' states 0\.00333 for the variance of W, and draws 0\.0066",
    ),
    "without parentheses": (
        """
        @scheme
        def faulty(rng, fan_in, fan_out):
            return np.ones((fan_in, fan_out))
        """,
        r'extension faulty\.py:\d+: the decorator of a scheme needs a name in parentheses: \("faulty", …\)',
    ),
}
