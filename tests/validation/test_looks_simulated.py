"""Looking again while seeds are added: what it does to a true null, and that p times the number of looks holds."""

import simulate_looks

from initbench.statistics.proportions import clopper_pearson


def test_looking_four_times_finds_twice_as_much_where_there_is_nothing_unless_p_count_the_looks():
    once, any_look, adjusted = simulate_looks.rejections((6, 9, 12, 14), 600)
    assert clopper_pearson(once, 600, 0.999)[0] <= 0.05
    assert clopper_pearson(any_look, 600, 0.999)[0] > 0.05
    assert clopper_pearson(adjusted, 600, 0.999)[0] <= 0.05
