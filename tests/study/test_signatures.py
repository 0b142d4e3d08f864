"""What a shard is trained again for."""

from initbench.base.fingerprint import sources_of
from initbench.study.signatures import trained_by


def test_training_depends_on_the_engine_and_not_on_other_schemes_or_what_reads_its_tables():
    found = {name.removeprefix("initbench.") for name, _ in sources_of(*trained_by("he_normal", "tanh"))}
    assert {"engine.training", "network.passes", "schemes.draw", "schemes.variance_scaling", "tables.shards"} <= found
    above = ("analyses", "claims", "figures", "report", "statistics", "theory", "study.grid", "study.jobs")
    others = ("schemes.constant", "schemes.orthogonal", "activations.piecewise_linear")
    assert not [name for name in found if name.startswith((*above, *others))]
