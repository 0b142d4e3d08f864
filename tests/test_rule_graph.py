"""The graph of rules in the documentation is that of the workflow."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts/rule_graph.py"
spec = importlib.util.spec_from_file_location("rule_graph", SCRIPT)
rule_graph = importlib.util.module_from_spec(spec)
spec.loader.exec_module(rule_graph)


@pytest.mark.pipeline
def test_the_documented_graph_is_that_of_the_workflow():
    drawn = rule_graph.BLOCK.search(rule_graph.PAGE.read_text(encoding="utf-8"))[1]
    assert drawn == rule_graph.as_mermaid(rule_graph.needed(rule_graph.edges_of_workflow())), f"run {SCRIPT.name}"


def test_an_edge_that_follows_from_others_is_left_out_and_no_other():
    edges = {("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("a", "d"), ("t", "t"), ("t", "a")}
    assert rule_graph.needed(edges) == {("a", "b"), ("b", "c"), ("c", "d"), ("t", "t"), ("t", "a")}
    assert rule_graph.edges_in("flowchart TB\n\tid0[a]\n\tid1[b]\n\tid0 --> id1\n") == {("a", "b")}
    assert rule_graph.edges_in(rule_graph.as_mermaid(edges)) == edges
