"""The documentation builds in both languages, and whatever Sphinx warns of is an error: links, references, translations."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_documentation_builds_without_a_warning(tmp_path, language):
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-D", f"language={language}",
         DOCS, tmp_path / "pages"],
        capture_output=True, text=True, env=os.environ | {"PYTHONWARNINGS": "default"},
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "pages/index.html").exists()
