"""What is raised for a study that cannot be run."""


class ConfigError(ValueError):
    """A configuration that cannot be run; the message names the key, the value and what is allowed."""
