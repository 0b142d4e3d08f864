"""A small study's verdicts, their conditions and its best starts, as JSON: python verdicts_on_this_kernel.py FOLDER"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from small_pages import measured
from threadpoolctl import threadpool_info

from initbench.analyses import ANALYSES, MEASURED, Settings
from initbench.analyses.making import Sources, compute
from initbench.claims.verdicts import judge
from initbench.report.contents import claims_in_order
from initbench.study.cells import BLOCK
from initbench.study.grid import load_study
from initbench.tables.views import Tables

STUDY = {
    "datasets": ["wine"], "widths": [16], "depths": [1, 3, 10], "activations": ["tanh", "relu"], "tuning": 3, "seeds": 4,
    "schemes": ["zeros", "constant(0.1)", "small_normal", "xavier_tanh", "he_normal"], "learning_rates": [0.03, 0.3],
    "training": {"steps": 40, "batch_size": 32, "records": 4}, "initial": [], "reference": "xavier_tanh",
}  # fmt: skip


def main(folder: str) -> dict:
    """What a reader would conclude."""
    study = load_study(STUDY | {"results_dir": folder})
    tables, splits = measured(study)
    claims = judge(Tables({name: tables[name] for name in MEASURED}), claims_in_order())["claims"]
    best = compute("best", Sources(tables, splits).of(ANALYSES["best"]), Settings.of(study)).to_pandas()
    return {
        "verdicts": claims.set_index("id")[["verdict", "condition"]].to_dict("index"),
        "best": best[[*BLOCK, "best"]].to_dict("records"),
    }


if __name__ == "__main__":
    kernels = {library["architecture"] for library in threadpool_info() if library["user_api"] == "blas"}
    print(json.dumps(main(sys.argv[1]) | {"kernels": sorted(kernels)}, default=str))
