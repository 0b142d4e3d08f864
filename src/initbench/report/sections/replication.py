"""What a replication study finds: the published result beside ours, and what the scaling changes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from initbench.base.catalogue import Words
from initbench.replications import NOT, PARTLY, REPLICATIONS, REPRODUCED, TABLES, UNTESTED, UNTOLD, Finding
from initbench.replications.said import sentences, texts_of
from initbench.report.sections import section

TONES = {REPRODUCED: "yes", PARTLY: "partly", NOT: "no", UNTOLD: "open", UNTESTED: "open"}


@section("replication", tables=TABLES)
def replication(tables, study, words):
    """The findings of the study's replication; nothing in other studies."""
    name = study["config"]["replication"]
    if name is None:
        return None
    repeated = REPLICATIONS[name]
    places, findings = texts_of(name, repeated.texts, words.language), repeated.function(tables)
    about = {key: places[0].get(key) for key in ("paper", "consequence", "quoted")}
    own = words.of("replications.page")
    return about | {
        "finding": _opening(findings, own),
        "own": own,
        "results": [_shown(finding, places, words) for finding in findings],
        "scaling": list(places[0]["scaling"].values()),
    }


def _opening(findings: Iterable[Finding], words: Words) -> str | None:
    """Such as "Of 5 published findings: 3 reproduced, 1 in part, 1 not reproduced."; None if none was tested."""
    counts = Counter(finding.verdict for finding in findings if finding.verdict != UNTESTED)
    if not counts:
        return None
    numbers = {"all": counts[REPRODUCED], "some": counts[PARTLY], "none": counts[NOT], "untold": counts[UNTOLD]}
    return words("finding_untold" if counts[UNTOLD] else "finding", n=sum(counts.values()), **numbers)


def _shown(finding: Finding, places: Sequence[Mapping], words: Words) -> dict:
    """What the template shows of a finding."""
    verdict = words.of("replications.verdicts")(finding.verdict)
    told = sentences(finding.name, finding.values, places, finding.there)
    return told | {"verdict": verdict, "tone": TONES[finding.verdict]}
