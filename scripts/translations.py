"""Bring the Chinese of the documentation up to its pages: python scripts/translations.py

Writes what is new or changed into docs/locale/zh_CN/LC_MESSAGES; messages without a Chinese text are left empty, changed ones marked
as fuzzy, and tests/test_docs_build.py names both.
"""

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
LOCALE = DOCS / "locale"
CATALOGUES = LOCALE / "zh_CN/LC_MESSAGES"
PAGES = (
    "index", "limits", "tutorial/first_step", "tutorial/own_scheme",
    "explanation/zeros", "explanation/depth", "explanation/mean_field", "explanation/practice", "explanation/shortcuts",
    "explanation/convolutions", "explanation/optimizers", "explanation/verdicts", "explanation/seeds", "reference/glossary",
)  # fmt: skip


def messages(folder: Path) -> None:
    """Write what there is to translate, a .pot file a page."""
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-b", "gettext", DOCS, folder], check=True)


def update(folder: Path) -> None:
    """Merge that into the catalogues, and drop those of pages that are not translated."""
    catalogues = [sys.executable, "-m", "sphinx_intl", "update", "-p", folder, "-l", "zh_CN", "-d", LOCALE, "-w", "0"]
    subprocess.run(catalogues, check=True)
    for path in CATALOGUES.rglob("*.po"):
        if str(path.relative_to(CATALOGUES).with_suffix("")) not in PAGES:
            path.unlink()


if __name__ == "__main__":
    messages(DOCS / "_build/gettext")
    update(DOCS / "_build/gettext")
