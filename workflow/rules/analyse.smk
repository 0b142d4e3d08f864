# One process a group of analyses; initbench.analyses says which tables there are and what each is made from. A table that
# is up to date is left alone, and the record says what each was made from.
from initbench.analyses import ANALYSES, FIRST_SPLITS, SPLITS, groups
from initbench.analyses.making import Sources, first_of_each, named_settings, products, settings_of, things_behind
from initbench.study.cells import SCORING

# of the scoring seeds, those of the first seeds first
SPLIT_FILES = list(dict.fromkeys(STUDY.data_path(shard) for shard in STUDY.shards if shard.role == SCORING))


for GROUP, MEMBERS in groups():
    READ = {name for entry in MEMBERS for name in entry.reads}
    READ_SPLITS = SPLIT_FILES if SPLITS in READ else first_of_each(SPLIT_FILES) if FIRST_SPLITS in READ else []
    RECORD = f"{RESULTS}/records/analyses/{GROUP}.json"
    SETTINGS = named_settings(STUDY, MEMBERS)
    CODE = {entry.name: code_of(*things_behind(STUDY, entry)) for entry in MEMBERS}
    PRODUCTS += products(
        {entry.name: TABLES[entry.name] for entry in MEMBERS},
        Sources(TABLES, tuple(READ_SPLITS)),
        settings_of(SETTINGS),
        CODE,
        RECORD,
    )

    rule:
        """Compute the analyses of one group, by one process."""
        name:
            f"analyse_{GROUP}"
        input:
            **reading(RECORD, **{name: TABLES[name] for name in sorted(READ) if name in TABLES}, splits=READ_SPLITS),
        output:
            **{entry.name: update(TABLES[entry.name]) for entry in MEMBERS},
            record=update(RECORD),
        log:
            f"{RESULTS}/logs/analyse/{GROUP}.log",
        priority: ANALYSING if READ else LEISURE
        resources:
            mem_mb=growing(1000),
            runtime=growing(30),
        params:
            settings=SETTINGS,
            extensions=behind(
                [thing for entry in MEMBERS for thing in things_behind(STUDY, entry)], STUDY.config["extensions"]
            ),
            code=CODE,
        message:
            f"analysing: {few([entry.name for entry in MEMBERS], 'tables')}"
        script:
            "../../scripts/analyse.py"


rule analyses:
    """The tables of all analyses."""
    input:
        [TABLES[name] for name in ANALYSES],
    localrule: True
