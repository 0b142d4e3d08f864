"""A figure of my own, in both languages of the report."""

from initbench.extend import Drawn, figure

TITLES = {
    "en": "The best start has a mean test accuracy of {best:.2f}.",
    "zh": "最好的初始化的平均测试准确率为 {best:.2f}。",
}


# section: where the report shows it; tables: what it is drawn from (initbench columns lists them).
@figure("my_name", tables=("runs",), section="depth")
def my_name(tables, words):
    """Mean test accuracy of every start, over all cells that have it; None where there is nothing to show."""
    from initbench.figures.style import arrange, look, panels  # here, so that training need not import matplotlib

    means = tables.chosen_runs.groupby("scheme")["test_accuracy"].mean().sort_values()
    if means.empty:
        return None
    picture, axes = panels([0], [0], width=85 / 25.4, height=2.5)
    axes[0, 0].barh(means.index, means, color=[look(scheme).colour for scheme in means.index])
    arrange(picture)
    # The title says what is found, in one sentence; the caption what is drawn; alt what is seen.
    title = TITLES[words.language].format(best=means.iloc[-1])
    return Drawn(picture, title, caption="Mean test accuracy of the chosen runs.", alt=f"One bar a start. {title}")
