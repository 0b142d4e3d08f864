"""What a result is made from: the code behind a thing, a user's helpers included, and nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from initbench.base import fingerprint, imports
from initbench.base.extensions import load_extension, unload_extensions
from initbench.base.fingerprint import code_of, content_of, sources_of
from initbench.schemes import SCHEMES

ROOT = Path(__file__).parents[2]


def names(*things):
    return {name for name, _ in sources_of(*things)}


def test_a_scheme_leads_to_its_own_module_and_to_no_other_scheme():
    found = names(SCHEMES["critical"])
    assert {"initbench.schemes", "initbench.schemes.critical", "initbench.theory.criticality"} <= found
    assert "initbench.schemes.orthogonal" not in found


def test_the_engine_leads_to_no_door_and_to_nothing_above_it():
    found = names("initbench.engine.training")
    assert "initbench" not in found
    assert not {name for name in found if name.split(".")[1] in ("analyses", "claims", "figures", "report")}


def test_a_module_that_is_not_there_is_an_error_with_file_and_line(tmp_path):
    with pytest.raises(ModuleNotFoundError, match=r"initbench\.nowhere"):
        code_of("initbench.nowhere")
    file = tmp_path / "lost.py"
    file.write_text("\ndef f():\n    from initbench.schemes.nowhere import g\n")
    with pytest.raises(ModuleNotFoundError, match=r"lost\.py:3: there is no module 'initbench\.schemes\.nowhere'"):
        code_of(file)


@pytest.fixture
def extension(tmp_path):
    """Loads the text as an extension with a helper package and a helper module; returns the digest of its scheme."""

    def load(scheme="factor * rng.standard_normal((fan_in, fan_out))", helper="2.0", inner="1.0", name="mine"):
        (tmp_path / "parts").mkdir(exist_ok=True)
        (tmp_path / "parts/__init__.py").write_text("from . import deep\n")
        (tmp_path / "parts/deep.py").write_text(f"value = {inner}\n")
        (tmp_path / f"helper_of_{name}.py").write_text(f"factor = {helper}\n")
        file = tmp_path / f"{name}.py"
        file.write_text(
            f"from functools import partial\nfrom initbench import scheme\nfrom helper_of_{name} import factor\n\n\n"
            f"def drawn(rng, fan_in, fan_out, std):\n    import parts\n    return {scheme}\n\n\n"
            'scheme("fingerprinted")(partial(drawn, std=0.5))\n'
        )
        for cache in (
            fingerprint.named_files,
            fingerprint._closure,
            imports.reading_of,
            imports._file_of,
        ):
            cache.cache_clear()
        load_extension(file)
        return code_of(SCHEMES["fingerprinted"])

    yield load
    unload_extensions()


def test_an_extension_is_made_from_its_file_and_the_modules_beside_it(extension):
    first = extension()
    assert {"mine", "helper_of_mine", "parts", "parts.deep"} <= names(SCHEMES["fingerprinted"])
    assert extension() == first
    assert extension(scheme="0 * factor * rng.standard_normal((fan_in, fan_out))") != first
    assert extension(helper="3.0") != first
    assert extension(inner="3.0") != first


def test_a_file_that_an_extension_names_counts_by_content(extension, tmp_path):
    named = "len(open(__file__.replace('mine.py', 'data.csv')).read()) * rng.standard_normal((fan_in, fan_out))"
    first = extension(scheme=named)
    (tmp_path / "data.csv").write_text("1")
    there = extension(scheme=named)
    assert there != first
    (tmp_path / "other.csv").write_text("1")
    assert extension(scheme=named) == there, "nobody names it"
    (tmp_path / "data.csv").write_text("2")
    assert extension(scheme=named) != there


def test_where_an_extension_lies_does_not_count(extension, tmp_path):
    first = extension()
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("mine.py", "helper_of_mine.py", "parts"):
        (shutil.copytree if name == "parts" else shutil.copy)(tmp_path / name, moved / name)
    assert code_of(moved / "mine.py") == code_of(tmp_path / "mine.py")
    assert first


def test_files_count_by_content(tmp_path):
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("a,b\n1,2\n")
    two.write_text("a,b\n1,2\n")
    assert content_of(one) == content_of(two)
    two.write_text("a,b\n1,3\n")
    assert content_of(one) != content_of(two)


@pytest.fixture
def package(tmp_path):
    """A copy of the package, and what its shards of two schemes are made from."""
    shutil.copytree(ROOT / "src/initbench", tmp_path / "initbench")
    program = (
        "from initbench.study.grid import load_study\nfrom initbench.study.signatures import made_from\n"
        "study = load_study({'datasets': ['spirals'], 'widths': [16], 'depths': [2], 'activations': ['tanh'],\n"
        "    'normalizations': ['none'], 'schemes': ['he_normal', 'orthogonal'], 'reference': 'he_normal', 'seeds': 1,\n"
        "    'initial': [], 'tuning': 'none'})\n"
        "print(*(made_from(study, shard) for shard in study.shards))\n"
    )

    def signatures():
        done = subprocess.run(
            [sys.executable, "-B", "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return dict(zip(("he_normal", "orthogonal"), done.stdout.split(), strict=True))

    def append(name, text):
        with (tmp_path / "initbench" / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return signatures, append


def test_only_what_can_change_a_run_trains_it_again(package):
    signatures, append = package
    first = signatures()
    append("__init__.py", "\nNEW = 1\n")
    append("engine/training.py", "\n# a comment\nprint('a log line')\n")
    append("schemes/sparse.py", "\nOTHER = 1\n")
    append("figures/style.py", "\nOTHER = 1\n")
    assert signatures() == first
    append("schemes/orthogonal.py", "\nCHANGED = 1\n")
    edited = signatures()
    assert edited["he_normal"] == first["he_normal"]
    assert edited["orthogonal"] != first["orthogonal"]
    append("engine/training.py", "\nCHANGED = 1\n")
    assert signatures()["he_normal"] != first["he_normal"]
