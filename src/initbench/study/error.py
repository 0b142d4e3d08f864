"""What is raised for a study that cannot be run."""

from collections.abc import Callable, Iterable


class ConfigError(ValueError):
    """A configuration that cannot be run; the message names the key, the value and what is allowed, a line a fault."""


def together(checks: Iterable[Callable[[], object]]) -> None:
    """Run every check; ConfigError with the faults of all of them, each once."""
    faults: list[str] = []
    for check in checks:
        try:
            check()
        except ConfigError as error:
            faults += str(error).splitlines()
    if faults:
        raise ConfigError("\n".join(dict.fromkeys(faults)))
