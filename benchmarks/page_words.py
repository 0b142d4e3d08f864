"""Tables, verdicts and conditions in the words of docs/reference/benchmarks.md."""


def table(header: list[str], rows) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def verdict(value: float, bar: float, at_most: bool = False) -> str:
    """Whether a bar is met, or the share of it that is reached."""
    if at_most:
        return "met" if value <= bar else f"not met: {value / bar:.2g} times it"
    return "met" if value >= bar else f"not met: {value / bar:.2g} of it"


def conditions(result: dict, cores: str = "one core") -> str:
    """What a result was measured on."""
    machine = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return f"{machine['processor']}, NumPy's OpenBLAS kernel {machine['kernel']}, {cores}; {versions}.\n"
