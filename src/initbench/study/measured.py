"""What of a study's configuration its tables are made from: all that changes a row, and nothing else.

Where results are written, what the report is called and how training is put into jobs and files change no row.
"""

import json
from collections.abc import Mapping
from typing import Any

ELSEWHERE = (  # the report's, or a statistic's, which says it in a column of its own
    "title", "results_dir", "replication", "confirmation", "extensions", "seeds_per_shard", "minutes_per_job", "reference",
    "looks",
)  # fmt: skip
JUDGED_LATER = ("rope",)  # thresholds that only statistics ask for


def measured(config: Mapping[str, Any]) -> str:
    """The part of a loaded study's configuration that decides which runs there are, as JSON; axes in one order."""
    kept = {key: _sorted(value) for key, value in config.items() if key not in ELSEWHERE and value is not None}
    kept["thresholds"] = {key: value for key, value in config["thresholds"].items() if key not in JUDGED_LATER}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _sorted(value: Any) -> Any:
    """Axes and lists of grids in an order that does not depend on how the file was written."""
    if isinstance(value, Mapping):
        return {key: _sorted(item) for key, item in value.items()}
    if not isinstance(value, list | tuple):
        return value
    return sorted(map(_sorted, value), key=_order)


def _order(item: Any) -> tuple:
    """Numbers by their size, before all else by its text."""
    if isinstance(item, int | float):
        return (0, item, "")
    return (1, 0, json.dumps(item, sort_keys=True))
