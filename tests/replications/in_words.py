"""The findings of a replication, told in every language."""

from initbench.base.catalogue import LANGUAGES
from initbench.replications import REPLICATIONS
from initbench.replications.said import TEXTS, sentences, texts_of


def verdicts_in_words(name, tables) -> list[str]:
    """The verdicts of a replication's findings, all of which can be said in every language."""
    findings = REPLICATIONS[name].function(tables)
    for language in LANGUAGES:
        places = texts_of(name, REPLICATIONS[name].texts, language)
        for finding in findings:
            told = sentences(finding.name, finding.values, places, finding.there)
            assert all(told[key] for key in TEXTS)
            assert not any(word in told["measured"] for word in ("nan", "None", "{", "inf"))
    return [finding.verdict for finding in findings]
