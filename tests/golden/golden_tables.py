"""Run the golden studies and compare every table with its recorded SHA-256: `make golden`.

Tables are the same to the last byte on one kind of processor and one set of versions; sha256.json says which. A change
that is meant to change numbers records new hashes (`--record`) and says why in CHANGELOG.md.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from initbench.tables.described import content_digest

ROOT = Path(__file__).parents[2]
RECORD = Path(__file__).with_name("sha256.json")
STUDIES = ("schemes", "activations")
PACKAGES = ("numpy", "scipy", "numba", "llvmlite", "pandas", "pyarrow", "scikit-learn")
KERNEL = "Haswell"  # OpenBLAS's; a processor with AVX2 can run it, whatever kernel it would choose by itself


def environment() -> dict:
    """Return what the bytes depend on: the kernel of the matrix library, the processor's features, the versions."""
    import llvmlite.binding
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return {
        "kernel": KERNEL,
        "processor": llvmlite.binding.get_host_cpu_name(),
        "features": [name for name in __cpu_dispatch__ if __cpu_features__[name]],
        "versions": {name: version(name) for name in PACKAGES},
    }


def run(study: str, tables: list[str], cores: int) -> None:
    """Run a golden study from nothing up to these tables; raise CalledProcessError where a job fails."""
    folder = ROOT / "results/golden" / study
    shutil.rmtree(folder, ignore_errors=True)
    command = [Path(sys.executable).with_name("snakemake"), "--cores", str(cores), "--quiet", "all"]
    command += ["--configfile", f"tests/golden/{study}.yaml", "--"]
    targets = [f"results/golden/{study}/tables/{name}.parquet" for name in tables]
    subprocess.run(command + targets, cwd=ROOT, check=True, env=os.environ | {"OPENBLAS_CORETYPE": KERNEL})


def hashes(study: str) -> dict[str, str]:
    """Return the SHA-256 of every table of a study, by name; what is said of it, and wrote it, does not count."""
    paths = sorted((ROOT / "results/golden" / study / "tables").glob("*.parquet"))
    return {path.stem: content_digest(path) for path in paths}


def differences(recorded: Mapping, found: Mapping, study: str) -> list[str]:
    """Say, a line a table, which tables of a study differ from the record, are missing or are not in it."""
    lines = []
    for name in sorted({*recorded, *found}):
        if name not in found:
            lines.append(f"{study}/{name}: missing")
        elif name not in recorded:
            lines.append(f"{study}/{name}: not recorded")
        elif recorded[name] != found[name]:
            lines.append(f"{study}/{name}: differs")
    return lines


def elsewhere(recorded: Mapping, here: Mapping) -> list[str]:
    """Say, a line a fact, in what this environment differs from the one that the hashes were recorded in."""
    return [f"{key}: recorded {recorded[key]}, here {here[key]}" for key in recorded if recorded[key] != here[key]]


def compare(cores: int, record: bool = False) -> list[str]:
    """Run the golden studies, compare their tables with the record (or write the record); return the differences."""
    kept = json.loads(RECORD.read_text(encoding="utf-8"))
    lines, found = [], {}
    for study in STUDIES:
        run(study, sorted(kept["tables"][study]), cores)
        found[study] = hashes(study)
        lines += differences(kept["tables"][study], found[study], study)
    if record:
        kept = {"environment": environment(), "tables": found}
        RECORD.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return lines


def main() -> int:
    """Print what differs; return 1 where tables do and nothing was recorded."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--record", action="store_true", help="write the hashes found into sha256.json")
    options = parser.parse_args()
    kept = json.loads(RECORD.read_text(encoding="utf-8"))
    for line in elsewhere(kept["environment"], environment()):
        print(f"Recorded in another environment, so that bytes may differ: {line}")
    lines = compare(options.cores, options.record)
    print("\n".join(lines) if lines else "Every golden table is the one recorded.")
    return int(bool(lines) and not options.record)


if __name__ == "__main__":
    sys.exit(main())
