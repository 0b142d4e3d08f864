"""docs/reference/architecture.md is true of the tree and of the import contracts, and links lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/reference/architecture.md").read_text(encoding="utf-8")
PACKAGES = {path.parent.name for path in (ROOT / "src/initbench").glob("*/__init__.py")}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "results/README.md"])


def words(line):
    return re.findall(r"\w+", line)


def contract_floors():
    """The floors of the layers contract, low to high, each a set of packages."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = (contract["layers"] for contract in rules["contracts"] if contract["type"] == "layers")
    return [set(words(floor)) for floor in reversed(layers)]


def test_the_page_tells_the_floors_of_the_contract():
    told = PAGE.split("## Who may import whom")[1].split("Beside this")[0]
    floors = [set(words(line)) for line in told.splitlines() if line.startswith("    ") and "scripts" not in line]
    assert floors == contract_floors()


def test_every_package_stands_on_a_floor_and_in_the_tree():
    assert PACKAGES | {"cli", "extend"} == set().union(*contract_floors())
    tree = PAGE.split("```")[1]
    assert set(re.findall(r"^  (\w+)/", tree, re.M)) == PACKAGES


def test_every_kind_has_a_line_that_says_where_a_new_one_goes():
    kinds = set(re.findall(r"^  (\w+)/ +KIND", PAGE, re.M))
    table = PAGE.split("## Where do I put")[1].split("## What holds")[0]
    assert {f"{kind}/" for kind in kinds} <= {name for line in table.splitlines() for name in re.findall(r"\w+/", line)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name)
def test_files_that_a_page_names_exist(page):
    """Paths in code font under the folders of the repository, patterns and placeholders left out."""
    named = re.findall(
        r"`((?:src|scripts|workflow|docs|tests|profiles|validation|benchmarks)/[\w./-]+)`",
        page.read_text(encoding="utf-8"),
    )
    assert [path for path in named if not (ROOT / path).exists()] == []
