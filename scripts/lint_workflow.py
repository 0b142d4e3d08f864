"""snakemake --lint, less the one check that cannot be met here.

The environment is the lock file, installed before Snakemake starts, so no rule names a conda environment or container.
"""

import subprocess
import sys
from pathlib import Path

NOT_ASKED = "Specify a conda environment or container for each rule."
LINT, PLACE = "    * ", "Lints for "

if __name__ == "__main__":
    done = subprocess.run(
        [Path(sys.executable).with_name("snakemake"), "--lint"], capture_output=True, text=True, check=False
    )
    lines = (done.stdout + done.stderr).splitlines()
    if done.returncode and not any(line.startswith(PLACE) for line in lines):
        sys.exit(done.stdout + done.stderr)
    left, place = [], ""
    for line in lines:
        place = line if line.startswith(PLACE) else place
        if line.startswith(LINT) and NOT_ASKED not in line:
            left.append(f"{place} {line.strip()}")
    print("\n".join(left) or "snakemake --lint: clean, less the check for conda environments")
    sys.exit(bool(left))
