from initbench.claims import CLAIMS


# Statistics over the runs; initbench.analyses.summaries says what each table holds.
rule compare:
    input:
        runs=TABLES["runs"],
    output:
        **{name: TABLES[name] for name in SUMMARY_TABLES["compare"]},
    log:
        f"{RESULTS}/logs/compare.log",
    resources:
        mem_mb=growing(1000),
        runtime=growing(30),
    params:
        reference=STUDY.reference,
        rope=STUDY.thresholds.rope,
        code=code_of("initbench.analyses.summaries"),
    message:
        "comparing every scheme with {params.reference}"
    script:
        "../../scripts/compare.py"


rule rank:
    input:
        runs=TABLES["runs"],
    output:
        **{name: TABLES[name] for name in SUMMARY_TABLES["rank"]},
    log:
        f"{RESULTS}/logs/rank.log",
    resources:
        mem_mb=growing(1000),
        runtime=growing(30),
    params:
        reference=STUDY.reference,
        rope=STUDY.thresholds.rope,
        code=code_of("initbench.analyses.summaries"),
    message:
        "ranking the schemes"
    script:
        "../../scripts/rank.py"


rule summarise:
    input:
        runs=TABLES["runs"],
    output:
        **{name: TABLES[name] for name in SUMMARY_TABLES["summarise"]},
    log:
        f"{RESULTS}/logs/summarise.log",
    resources:
        mem_mb=growing(1000),
        runtime=growing(30),
    params:
        reference=STUDY.reference,
        rope=STUDY.thresholds.rope,
        code=code_of("initbench.analyses.summaries"),
    message:
        "summarising the runs"
    script:
        "../../scripts/summarise.py"


# Mean-field theory beside what was measured at initialisation.
rule predict:
    input:
        layers=TABLES["layers"],
        splits=list(BLOCKS),
    output:
        theory=TABLES["theory"],
    log:
        f"{RESULTS}/logs/predict.log",
    resources:
        mem_mb=growing(1000),
        runtime=growing(30),
    params:
        extensions=STUDY.config["extensions"],
        code=code_of("initbench.analyses.theory"),
    message:
        "predicting signals and gradients at initialisation"
    script:
        "../../scripts/predict.py"


# Random networks over a plane of variances: needs no data and no training.
rule measure_phase:
    output:
        phase=TABLES["phase"],
    log:
        f"{RESULTS}/logs/measure_phase.log",
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        study_seed=STUDY.training.study_seed,
        code=code_of("initbench.analyses.phase_diagram", "initbench.activations.saturating"),
    message:
        "measuring the phase diagram of tanh"
    script:
        "../../scripts/measure_phase.py"


# The claims under test, each by the rule declared with it.
rule judge:
    input:
        **{name: TABLES[name] for name in COLLECTED},
    output:
        claims=TABLES["claims"],
    log:
        f"{RESULTS}/logs/judge.log",
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        extensions=STUDY.config["extensions"],
        code=code_of("initbench.tables.collect", *(CLAIMS[name] for name in CLAIMS)),
    message:
        "judging the claims"
    script:
        "../../scripts/judge.py"
