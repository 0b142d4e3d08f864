"""What code for other libraries is made of: that the rules are those of the schemes, and that the code is Python."""

import ast

import numpy as np
import pytest

from initbench.advice.code import FRAMEWORKS, code
from initbench.advice.drawing import RULES, drawing
from initbench.schemes import SCHEMES, Layer
from initbench.schemes.draw import draw
from initbench.schemes.label import parse_scheme

LABELS = {"constant": "constant(0.1,bias=0.2)", "gaussian": "gaussian(1.5,bias_variance=0.2)", "mup": "mup(48)"}
BY_INITBENCH = {"sparse", "zero_hadamard", "mup", "fixup", "zero_last"}  # which no library has, or no one rule draws
FANS = ((64, 32), (32, 64), (50, 50))


@pytest.mark.parametrize("name", list(SCHEMES))
def test_a_rule_states_the_variances_of_its_scheme(name):
    assert (name in RULES) != (name in BY_INITBENCH)
    label = LABELS.get(name, name)
    for fans in FANS:
        convolution = Layer(*(9 * fan for fan in fans), 1, 1, "tanh", receptive_field=9)
        for layer in (Layer(*fans, 1, 1, "tanh"), convolution, Layer(*fans, 2, 1)):
            stated, rule = parse_scheme(label).variances(layer), drawing(label, layer)
            if stated and rule:
                assert rule.weight.variance(layer) == pytest.approx(stated[0])
                assert stated[1] == pytest.approx(rule.bias.variance(layer) if rule.bias.kind != "constant" else 0)
            elif rule and rule.weight.kind == "constant":
                weight, bias = draw(label, np.random.default_rng(0), layer)
                assert (weight == rule.weight.value).all()
                assert (bias == rule.bias.value).all()


@pytest.mark.parametrize("convolutions", [False, True])
@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", list(SCHEMES))
def test_code_is_python_that_imports_what_it_uses(name, framework, convolutions):
    tree = ast.parse(code(LABELS.get(name, name), framework, "tanh", convolutions=convolutions))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {alias.asname or alias.name for node in imports for alias in node.names}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert imported == imported & used
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert functions in ({"linear"}, {"hidden", "output"})


def test_what_has_to_be_done_beside_the_code_is_said():
    assert "gain γ of every normalisation layer to 0" in code("zero_gamma", "torch", "relu", "batch")
    assert "divide W by the standard deviation" in code("lsuv", "jax", "relu")


def test_what_cannot_be_written_is_refused():
    with pytest.raises(ValueError, match="unknown framework 'theano'"):
        code("he_normal", "theano", "relu")
    with pytest.raises(ValueError, match="no value for 'gelu'"):
        code("orthogonal_torch_gain", "torch", "gelu")
