"""What a job is told of a shard, in plain values, and the folder of results that its files lie in."""

import os
from collections.abc import Mapping

PATHS = ("path", "splits", "chosen_on")


def told(task: Mapping) -> dict:
    """What a job is told of a shard, but where files lie: a folder of results may be moved."""
    return {key: value for key, value in task.items() if key not in PATHS}


def moved(task: Mapping, before: str, now: str) -> dict:
    """What a job is told of a shard where the results of the folder `before` lie in another: carried to this computer."""

    def there(path: str) -> str:
        return os.path.join(now, os.path.relpath(path, before))

    paths = {"path": there(task["path"]), "splits": there(task["splits"])}
    return {**task, **paths, "chosen_on": [there(path) for path in task["chosen_on"]]}


def results_of(file: str) -> str:
    """The folder of results in which a list of a job's shards lies, or a record."""
    return os.path.dirname(os.path.dirname(file))
