"""snakemake --lint, less the one check that cannot be met here.

The environment is the lock file, installed before Snakemake starts, so no rule names a conda environment or container.
"""

import json
import subprocess
import sys
from pathlib import Path

NOT_ASKED = "Specify a conda environment or container for each rule."

done = subprocess.run(
    [Path(sys.executable).with_name("snakemake"), "--lint", "json"], capture_output=True, text=True, check=False
)
start = done.stdout.find("{")
if start < 0:
    if done.returncode or "Error" in done.stderr:
        sys.exit(done.stderr or done.stdout)
    sys.exit(0)
found = json.loads(done.stdout[start:])
left = [
    f"{place.get('rule', place.get('snakefile'))}: {lint['title']}"
    for kind in found.values()
    for place in kind
    for lint in place["lints"]
    if lint["title"] != NOT_ASKED
]
print("\n".join(left) or "snakemake --lint: nothing left")
sys.exit(bool(left))
