"""Copy the figures that the documentation shows from the quick study: python scripts/documentation_pictures.py [RESULTS]

After `make quick`; RESULTS is results/quick. Pages name a picture without its language: Sphinx takes the Chinese one by itself.
"""

import shutil
import sys
from pathlib import Path

NAMES = ("units_parting", "constant_factor", "backward_signal", "factor_outcome", "phase_diagram", "theory_signal")
ENDINGS = {"en": ".svg", "zh": ".zh_CN.svg"}
PICTURES = Path(__file__).parent.parent / "docs/pictures"


def copy(results: Path, folder: Path = PICTURES) -> list[Path]:
    """Copy each figure in both languages, and say which files these are."""
    return [
        Path(shutil.copyfile(results / f"figures/{name}.{language}.svg", folder / f"{name}{ending}"))
        for name in NAMES
        for language, ending in ENDINGS.items()
    ]


if __name__ == "__main__":
    for path in copy(Path(sys.argv[1] if len(sys.argv) > 1 else "results/quick")):
        print(path)
