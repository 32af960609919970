import numpy as np
from scipy.stats import kstest

from entropice.imagery.uniform_hash import uniform_of


def test_numbers_are_uniform_and_independent_of_the_name_before() -> None:
    drawn = np.array([uniform_of(7, "tile", number) for number in range(20_000)])

    assert kstest(drawn, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.03


def test_numbers_are_the_same_on_every_machine() -> None:
    assert uniform_of(42, "block", 7) == 0.13662910516032845


def test_names_do_not_run_into_each_other() -> None:
    assert uniform_of("ab", "c") != uniform_of("a", "bc")
