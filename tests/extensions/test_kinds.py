"""One battery for everything of a kind, shipped or a user's; and what is said of a thing that does not keep to it."""

import textwrap
from pathlib import Path

import pytest

from initbench.activations import ACTIVATIONS
from initbench.base.extensions import ExtensionError, load_extension, load_extensions, unload_extensions
from initbench.datasets import DATASETS
from initbench.schemes import SCHEMES

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("[!e]*.py"))
KINDS = {"scheme": SCHEMES, "activation": ACTIVATIONS, "data set": DATASETS}


def things():
    """Every kind and name, the examples' too."""
    load_extensions(EXAMPLES)
    found = [(kind, name) for kind, registry in KINDS.items() for name in registry]
    unload_extensions()
    return found


@pytest.fixture
def examples():
    load_extensions(EXAMPLES)
    yield
    unload_extensions()


@pytest.mark.parametrize(("kind", "name"), things())
def test_every_thing_passes_the_battery_of_its_kind(examples, kind, name):
    KINDS[kind].check(name)


FAULTY = {
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
    "not finite": (
        """
        @scheme("faulty")
        def faulty(rng, layer):
            return np.full((layer.fan_in, layer.fan_out), np.inf if layer.is_output else 1.0)
        """,
        r"W has values that are not finite, on a layer of 12 × 10",
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
    "labels that do not fit": (
        """
        @dataset("faulty")
        def faulty():
            return np.ones((5, 2)), [0, 1, 0, 1]
        """,
        r"data set faulty: features of shape \(5, 2\) do not fit 4 labels",
    ),
    "another data set each time": (
        """
        @dataset("faulty")
        def faulty():
            return np.random.default_rng().normal(size=(6, 2)), [0, 1, 0, 1, 0, 1]
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


@pytest.mark.parametrize("fault", FAULTY)
def test_what_is_wrong_with_a_users_thing_is_said_in_one_line_when_it_is_loaded(tmp_path, fault):
    text, message = FAULTY[fault]
    file = tmp_path / "faulty.py"
    file.write_text(
        "import numpy as np\nfrom initbench.extend import activation, dataset, scheme\n" + textwrap.dedent(text),
        encoding="utf-8",
    )
    with pytest.raises(ExtensionError, match=message) as raised:
        load_extension(file, check=True)
    assert "\n" not in str(raised.value)
    assert not any("faulty" in registry.registered() for registry in KINDS.values())
