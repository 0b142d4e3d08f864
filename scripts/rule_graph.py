"""Write the graph of the workflow's rules into docs/reference/architecture.md, as Mermaid draws it: python scripts/rule_graph.py"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/reference/architecture.md"
BLOCK = re.compile(r"```mermaid\n(.*?)```", re.DOTALL)

Edges = set[tuple[str, str]]


def edges_of_workflow() -> Edges:
    """(rule, rule that waits for it) of the quick study, by Snakemake."""
    with tempfile.TemporaryDirectory() as nothing:
        done = subprocess.run(
            [Path(sys.executable).with_name("snakemake"), "--rulegraph", "mermaid-js", "--configfile",
             "workflow/studies/quick.yaml", "--config", f"results_dir={nothing}/results"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    return edges_in(done.stdout)


def edges_in(mermaid: str) -> Edges:
    """The edges of a flowchart, by the labels of their nodes."""
    names = dict(re.findall(r"(\w+)\[(\w+)\]", mermaid))
    return {
        (names.get(a, a), names.get(b, b)) for a, b in re.findall(r"^\s*(\w+) --> (\w+)\s*$", mermaid, re.MULTILINE)
    }


def needed(edges: Edges) -> Edges:
    """The edges that no longer way of others stands for; one from a rule to itself stays."""
    after: dict[str, set[str]] = {}
    for before, later in edges:
        after.setdefault(before, set()).add(later)

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = after.get(start, set()) - {start}
        while waiting:
            found |= waiting
            waiting = {far for near in waiting for far in after.get(near, ())} - found
        return found

    return {(a, b) for a, b in edges if a == b or not any(b in reached(c) for c in after[a] - {a, b})}


def as_mermaid(edges: Edges) -> str:
    """A flowchart of the edges, from the left to the right, in alphabetical order."""
    return "flowchart LR\n" + "".join(f"    {before} --> {after}\n" for before, after in sorted(edges))


if __name__ == "__main__":
    drawn = f"```mermaid\n{as_mermaid(needed(edges_of_workflow()))}```"
    PAGE.write_text(BLOCK.sub(lambda _: drawn, PAGE.read_text(encoding="utf-8"), count=1), encoding="utf-8")
