"""The documentation builds in both languages, and whatever Sphinx warns of is an error: links, references, translations."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def sphinx(*arguments):
    """Build something of the documentation; every warning is an error."""
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", *arguments],
        capture_output=True, text=True, env=os.environ | {"PYTHONWARNINGS": "default"},
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_documentation_builds_without_a_warning(tmp_path, language):
    built = sphinx("-D", f"language={language}", DOCS, tmp_path / "pages")
    assert built.returncode == 0, built.stderr
    front = (tmp_path / "pages/index.html").read_text(encoding="utf-8")
    assert {"en": "Why zeros fail", "zh_CN": "全零为什么不行"}[language] in front


@pytest.fixture(scope="module")
def scripts():
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts/translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def catalogue(path):
    """The messages of a file, by their English."""
    with open(path, "rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


def test_every_message_of_the_translated_pages_has_its_chinese(tmp_path, scripts):
    """After a change of a page: python scripts/translations.py, then translate what it left empty or marked as fuzzy."""
    scripts.messages(tmp_path)
    found = {str(path.relative_to(scripts.CATALOGUES).with_suffix("")) for path in scripts.CATALOGUES.rglob("*.po")}
    assert found == set(scripts.PAGES)
    for page in scripts.PAGES:
        english, chinese = catalogue(tmp_path / f"{page}.pot"), catalogue(scripts.CATALOGUES / f"{page}.po")
        assert set(english) - set(chinese) == set(), page
        for text in english:
            if re.search("[A-Za-z]{2}", text):
                assert chinese[text].string, f"{page}: {text}"
            assert not chinese[text].fuzzy, f"{page}: {text}"


def test_pictures_come_from_the_quick_study_in_both_languages():
    names = {path.name.partition(".")[0] for path in (DOCS / "pictures").glob("*.svg")}
    shown = {
        name for page in DOCS.rglob("*.md") for name in re.findall(r"pictures/(\w+)\.svg", page.read_text("utf-8"))
    }
    assert names == shown
    for name in names:
        assert (DOCS / f"pictures/{name}.svg").stat().st_size < 80_000
        assert (DOCS / f"pictures/{name}.zh_CN.svg").stat().st_size < 80_000
