"""One battery for everything of a kind, shipped or a user's; and what is said of a thing that does not keep to it."""

import textwrap
from pathlib import Path

import pytest
from faulty_schemes import FAULTY_SCHEMES
from faulty_things import FAULTY, HEAD

from initbench.activations import ACTIVATIONS
from initbench.analyses import ANALYSES
from initbench.architectures import ARCHITECTURES
from initbench.base.extensions import ExtensionError, load_extension, load_extensions, unload_extensions
from initbench.claims import CLAIMS
from initbench.datasets import DATASETS
from initbench.figures import FIGURES
from initbench.optimizers import OPTIMIZERS
from initbench.probes import PROBES
from initbench.report.sections import SECTIONS
from initbench.schemes import SCHEMES

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("[!e]*.py"))
REGISTRIES = (SCHEMES, ACTIVATIONS, ARCHITECTURES, OPTIMIZERS, DATASETS, PROBES, ANALYSES)
KINDS = {
    registry.kind: registry
    for registry in (
        SCHEMES, ACTIVATIONS, ARCHITECTURES, OPTIMIZERS, DATASETS, PROBES, ANALYSES, CLAIMS, FIGURES, SECTIONS
    )
}  # fmt: skip


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


@pytest.mark.parametrize("fault", FAULTY_SCHEMES | FAULTY)
def test_what_is_wrong_with_a_users_thing_is_said_in_one_line_when_it_is_loaded(tmp_path, fault):
    text, message = (FAULTY_SCHEMES | FAULTY)[fault]
    file = tmp_path / "faulty.py"
    file.write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
    with pytest.raises(ExtensionError, match=message) as raised:
        load_extension(file, check=True)
    assert "\n" not in str(raised.value)
    assert not any("faulty" in registry.registered() for registry in KINDS.values())
