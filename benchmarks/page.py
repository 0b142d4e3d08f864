"""The measured tables of docs/reference/benchmarks.md, from benchmarks/results/*.json: python benchmarks/page.py [--quick]

With --quick, those of a quick run, printed and not written.
"""

import argparse
import json
from pathlib import Path

from machine import RESULTS
from page_of_one_core import convolution, engine, limit, recording, residual
from page_of_the_pipeline import cluster, pipeline, scale

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.md"
FIRST = "<!-- what follows is written by benchmarks/page.py -->\n"


def main() -> None:
    """Write the tables into the page, or print those of a quick run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    suffix = "-quick" if quick else ""

    def result(name):
        return json.loads((RESULTS / f"{name}{suffix}.json").read_text(encoding="utf-8"))

    parts = [
        engine(result("engine")),
        residual(result("residual")),
        convolution(result("convolution")),
        limit(result("limit")),
        recording(result("recording")),
    ]
    if not quick:
        parts += [pipeline(result("pipeline")), scale(result("scale"))]
        parts += [cluster(result("pipeline"), result("scale")["studies"])]
    if quick:
        print("\n".join(parts))
    else:
        before = PAGE.read_text(encoding="utf-8").split(FIRST)[0]
        PAGE.write_text(before + FIRST + "\n" + "\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
