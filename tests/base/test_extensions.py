"""Loading a user's file: what it registers joins, what is wrong with it is said in one line."""

import signal

import pytest

from initbench.base import time_limit
from initbench.base.extensions import ExtensionError, load_extension, unload_extensions
from initbench.base.registry import REGISTRIES, Registry
from initbench.schemes import SCHEMES, Layer
from initbench.schemes.draw import draw
from initbench.schemes.label import parse_scheme

SCHEME = """
import numpy as np
from initbench import scheme

@scheme("{name}")
def drawn(rng, fan_in, fan_out):
    return rng.standard_normal((fan_in, fan_out))
"""


@pytest.fixture(autouse=True)
def forget():
    """Leave the registries as they were."""
    yield
    unload_extensions()


@pytest.fixture
def load(tmp_path):
    def write(text, name="mine.py", check=False, **others):
        for other, content in others.items():
            (tmp_path / f"{other}.py").write_text(content)
        (tmp_path / name).write_text(text)
        return load_extension(tmp_path / name, check)

    return write


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\ndef f(:\n", r"extension mine\.py:2: invalid syntax"),
        ("import no_such_module", r"extension mine\.py:1: ModuleNotFoundError: No module named 'no_such_module'"),
        ("\nraise RuntimeError('boom\\nand more')", r"extension mine\.py:2: RuntimeError: boom and more"),
        ("import sys\nsys.exit(3)", r"extension mine\.py:2: it calls sys\.exit"),
        ("class Own(BaseException): pass\nraise Own('x')", r"extension mine\.py:2: Own: x"),
        ("class Own(Exception):\n    def __str__(self): 1 / 0\nraise Own", r"extension mine\.py:3: Own$"),
        ("raise ValueError", r"extension mine\.py:1: ValueError$"),
        ("from initbench import scheme\n@scheme('F-1')\ndef f(rng): pass", r"mine\.py:2: scheme name 'F-1': use lower"),
        (SCHEME.format(name="twice") + SCHEME.format(name="twice"), r"extension mine\.py:\d+: two schemes are named"),
        (SCHEME.format(name="he_normal"), r"extension mine\.py(:\d+)?: two schemes are named 'he_normal'"),
    ],
)
def test_every_fault_is_one_line_that_names_file_and_line(load, text, message):
    with pytest.raises(ExtensionError, match=message) as raised:
        load(text, check=True)
    assert "\n" not in str(raised.value)
    assert {"f", "twice"}.isdisjoint(SCHEMES)
    assert "he_normal" in SCHEMES


ENDLESS = """
from initbench import scheme

@scheme("endless")
def endless(rng, fan_in, fan_out):
    while True:
        try:
            fan_in += 1
        except Exception:
            pass
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENDLESS, r"extension mine\.py:\d+: the check of scheme 'endless' has not ended .*, in endless, mine\.py:\d+"),
        ("while True: pass", r"extension mine\.py:1: loading mine\.py has not ended .*, in <module>, mine\.py:1"),
    ],
)
def test_an_endless_loop_is_stopped_and_named(load, text, message, monkeypatch, caplog):
    monkeypatch.setattr(time_limit, "NOTICE", 0.01)
    monkeypatch.setattr(time_limit, "LIMIT", 0.02)
    monkeypatch.setattr(time_limit, "AGAIN", 0.01)
    with pytest.raises(ExtensionError, match=message):
        load(text, check=True)
    assert "takes long, in " in caplog.text
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_error_in_a_helper_is_named_there(load):
    with pytest.raises(ExtensionError, match=r"extension faulty_helper\.py:2: ZeroDivisionError: division by zero"):
        load("import faulty_helper", faulty_helper="\n1 / 0\n")


def test_what_a_file_that_fails_had_registered_is_forgotten(load):
    with pytest.raises(ExtensionError, match="boom"):
        load(SCHEME.format(name="gone") + "raise RuntimeError('boom')")
    assert "gone" not in SCHEMES


def test_future_annotations_dataclasses_partials_and_helpers_work(load):
    load(
        "from __future__ import annotations\nfrom dataclasses import dataclass\nfrom functools import partial\n"
        "from initbench import scheme\nimport helper_beside\n\n\n@dataclass\nclass Parameters:\n    gain: float = 1.0\n\n\n"
        "def drawn(rng, fan_in, fan_out, std):\n    from helper_later import shift\n"
        "    return shift + helper_beside.factor * std * rng.standard_normal((fan_in, fan_out))\n\n\n"
        'scheme("small")(partial(drawn, std=0.1))\nscheme("large")(partial(drawn, std=10.0))\n',
        helper_beside="factor = 2.0", helper_later="shift = 0.0",
    )  # fmt: skip
    import numpy as np

    small, large = (draw(name, np.random.default_rng(0), Layer(4, 3))[0] for name in ("small", "large"))
    np.testing.assert_allclose(large, 100 * small)
    assert parse_scheme("small").label == "small"


def test_a_file_may_be_loaded_again_after_an_edit(load):
    load(SCHEME.format(name="edited"))
    load("\n\n" + SCHEME.format(name="edited"))
    load(SCHEME.format(name="renamed"))
    assert "edited" not in SCHEMES
    assert "renamed" in SCHEMES


def test_files_of_one_name_in_two_folders_are_two_extensions(load, tmp_path):
    load(SCHEME.format(name="first"))
    (tmp_path / "other").mkdir()
    load(SCHEME.format(name="second"), name="other/mine.py")
    assert {"first", "second"} <= set(SCHEMES)


def test_a_helper_that_would_be_taken_for_another_module_is_refused(load):
    with pytest.raises(ExtensionError, match="'json' beside the file has the name of another module"):
        load("import json", json="value = 1")


def test_nothing_is_written_beside_a_user_s_file(load, tmp_path):
    load("import helper_alone", helper_alone="value = 1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["helper_alone.py", "mine.py"]


def test_a_missing_file_and_one_that_is_no_python_are_refused(tmp_path):
    with pytest.raises(ExtensionError, match="there is no file"):
        load_extension(tmp_path / "none.py")
    (tmp_path / "data.csv").write_text("a\n")
    with pytest.raises(ExtensionError, match="not a Python file"):
        load_extension(tmp_path / "data.csv")


def test_a_registry_lists_what_there_is_when_a_name_is_unknown():
    with pytest.raises(ValueError, match=r"unknown scheme 'nonsense'; there are: .*he_normal"):
        SCHEMES["nonsense"]


def test_things_come_in_the_order_of_their_registration():
    registry = Registry("thing", "initbench.base")
    REGISTRIES.remove(registry)
    for name in ("zebra", "ant"):
        registry.register(name)(lambda: None)
    assert list(registry.registered()) == ["zebra", "ant"]


def test_a_thing_that_takes_other_arguments_than_it_will_be_given_is_refused():
    registry = Registry("thing", "initbench.base", takes=("tables",))
    REGISTRIES.remove(registry)
    registry.register("wrong")(lambda runs, layers: None)
    with pytest.raises(ValueError, match=r"thing 'wrong' takes \(runs, layers\); it is called with \(tables\)"):
        registry.check("wrong")


def test_a_decorator_without_parentheses_and_a_thing_that_is_no_function_are_explained():
    registry = Registry("thing", "initbench.base")
    REGISTRIES.remove(registry)
    with pytest.raises(ValueError, match=r'the decorator of a thing needs a name in parentheses: \("load_extension"'):
        registry.register(load_extension)
    with pytest.raises(ValueError, match="thing 'three': 3 is not a function"):
        registry.register("three")(3)
