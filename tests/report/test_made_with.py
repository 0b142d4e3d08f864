"""With what jobs were run is recorded and told, and a mixture of kernels is said where it stands."""

import html

import pytest
from made_up_studies import STUDIES, written

from initbench.analyses.making import compute
from initbench.base.catalogue import Words
from initbench.base.machine import environment
from initbench.base.parquet import write_parquet
from initbench.base.renewal import Product, record
from initbench.report.page import section_as_html
from initbench.report.sections import SECTIONS
from initbench.tables.made_with import jobs_made_with, mixed_kernels
from initbench.tables.views import Tables

ONE, TWO = ({"kernel": f"openblas {name}", "threads": 1} for name in ("Haswell", "SkylakeX"))


def test_every_environment_stands_once_with_the_jobs_that_had_it(tmp_path):
    for job, environments in (("a", [ONE]), ("b", [TWO]), ("c", [ONE, TWO]), ("d", [])):
        record(Product(f"{tmp_path}/{job}.json", job, (), "code"), environments=environments)
    paths = [f"{tmp_path}/{job}.json" for job in "dcba"]
    assert jobs_made_with(paths) == [ONE | {"jobs": ["a", "c"]}, TWO | {"jobs": ["b", "c"]}]


def test_an_environment_names_kernel_threads_versions_and_machine():
    here = environment()
    assert set(here) == {"kernel", "threads", "revision", "python", "platform", "versions"}
    assert here["kernel"].split()[0]
    assert {"numpy", "scipy", "numba"} <= set(here["versions"])


def test_a_mixture_of_kernels_is_said_in_a_line():
    assert mixed_kernels({"openblas Haswell": 4}) is None
    assert "openblas Haswell: 4, openblas SkylakeX: 2" in mixed_kernels({"openblas Haswell": 4, "openblas SkylakeX": 2})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kernels", [{"openblas Haswell": 4}, {"openblas Haswell": 4, "openblas SkylakeX": 2}])
def test_the_page_says_so_and_names_what_jobs_were_trained_with(kernels, language, tmp_path):
    provenance = {"packages": {"numpy": "2"}, "kernels": kernels, "jobs": [environment() | {"jobs": ["a", "b"]}]}
    study = {
        "config": {"results_dir": "results", "looks": 1},
        "runs": 1,
        "cells": 1,
        "jobs": 2,
        "provenance": provenance,
    }
    columns = str(tmp_path / "data_columns.parquet")
    write_parquet(compute("data_columns", Tables({}), None), columns)  # of no table of one's own
    tables = Tables({"runs": written(STUDIES["plain"], tmp_path), "data_columns": columns})
    text = html.unescape(section_as_html(SECTIONS["data"], tables, study, language))
    colon = Words(language).term("colon")
    assert (f"openblas Haswell{colon}4" in text) == (len(kernels) > 1)
    assert "(2 jobs)" in text
