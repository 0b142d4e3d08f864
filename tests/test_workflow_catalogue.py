"""The standard of the Snakemake workflow catalogue: a workflow that others find, deploy as a module and configure."""

import re

import pytest
import yaml
from test_pipeline import ROOT, TINY, ok, planned, snakemake

from initbench.study.config import Config

README = ROOT / "config/README.md"


def test_what_the_catalogue_asks_for_is_there():
    assert (ROOT / "workflow/Snakefile").is_file()
    words = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert "snakemake" in words
    assert "workflow" in words
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8"))["usage"]
    assert usage["report"] is True
    assert set(usage["software-stack-deployment"]) == {"conda", "apptainer", "apptainer+conda"}


def test_the_instructions_name_every_key():
    text = README.read_text(encoding="utf-8")
    assert set(Config.model_fields) <= set(re.findall(r"^\| `(\w+)` \|", text, re.M))


def test_the_configuration_that_is_deployed_is_the_default_study():
    assert (ROOT / "config/config.yaml").read_bytes() == (ROOT / "config.yaml").read_bytes()


@pytest.mark.pipeline
def test_the_module_of_the_instructions_plans_what_it_is_asked_for(tmp_path):
    (snakefile,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    assert "/path/to/initbench" in snakefile
    (tmp_path / "Snakefile").write_text(snakefile.replace("/path/to/initbench", str(ROOT)))
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.yaml").write_text(yaml.safe_dump(TINY))
    done = snakemake(tmp_path, {}, "-n", "ranking.csv")
    jobs = planned(ok(done))
    assert {"ranking", "initbench_train", "initbench_collect"} <= set(jobs)
    assert "initbench_report" not in jobs
