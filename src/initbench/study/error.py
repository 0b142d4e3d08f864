"""What is raised for a study that cannot be run."""

from collections.abc import Callable, Iterable

MOST = 20  # lines of a message


class ConfigError(ValueError):
    """A configuration that cannot be run; the message names the key, the value and what is allowed, a line a fault."""


def listed(faults: Iterable[str], count: int | None = None) -> str:
    """Faults as a message, a line each, each once; of very many, `count` where they are not all given, the first."""
    lines = list(dict.fromkeys(faults))
    count = len(lines) if count is None else count
    return "\n".join(lines if count <= MOST else [*lines[: MOST - 1], f"and {count - MOST + 1:,} more faults"])


def together(checks: Iterable[Callable[[], object]]) -> None:
    """Run every check; ConfigError with the faults of all of them, each once."""
    faults: list[str] = []
    for check in checks:
        try:
            check()
        except ConfigError as error:
            faults += str(error).splitlines()
    if faults:
        raise ConfigError(listed(faults))
