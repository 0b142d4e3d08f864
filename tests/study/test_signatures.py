"""What a shard is trained again for."""

from initbench.analyses import ANALYSES
from initbench.analyses.making import things_behind
from initbench.base.fingerprint import sources_of
from initbench.study.grid import load_study
from initbench.study.signatures import trained_by


def test_training_depends_on_the_engine_and_not_on_other_schemes_or_what_reads_its_tables():
    found = {name.removeprefix("initbench.") for name, _ in sources_of(*trained_by("he_normal", "tanh"))}
    assert {"engine.training", "network.passes", "schemes.draw", "schemes.variance_scaling", "tables.shards"} <= found
    above = ("analyses", "claims", "figures", "report", "statistics", "theory", "study.grid", "study.jobs")
    others = ("schemes.constant", "schemes.orthogonal", "activations.piecewise_linear")
    assert not [name for name in found if name.startswith((*above, *others))]


def test_a_table_of_theory_is_made_from_the_files_of_the_studys_schemes_and_activations():

    study = load_study({"schemes": ["he_normal"], "reference": "he_normal", "activations": ["tanh"]})
    files = {name for name, _ in sources_of(*things_behind(study, ANALYSES["theory"]))}
    assert {"initbench.schemes.variance_scaling", "initbench.activations.saturating"} <= files
    assert "initbench.schemes.orthogonal" not in files
