"""Over data sets: which scheme ranks best, in studies of several."""

from initbench.report.sections import section


@section("data_sets", title="Over data sets: which scheme ranks best", tables=("rank_tests",))
def data_sets(tables, study):
    """Friedman's test of every scope with one block a data set; nothing for a study of one data set."""
    tests = tables.read("rank_tests")
    return None if tests.empty else {"tests": tests.to_dict("records")}
