"""Fits as tiles: one for each task, and results in the order of the tasks whatever order they come in."""

from hypothesis import given
from hypothesis import strategies as st

from entropice.tiles.execution import run_here
from entropice.tiles.fits import in_order_of, plan_of_fits


def test_a_plan_has_a_tile_for_each_task_with_its_memory():
    plan = plan_of_fits(abs, [-3, 4, 0], "fits", 7)
    assert [(tile.task, tile.n_bytes) for tile in plan.tiles] == [(-3, 7), (4, 7), (0, 7)]
    assert [result for _, result in run_here(plan, plan.tiles)] == [3, 4, 0]


@given(st.permutations(range(7)))
def test_results_stand_in_the_order_of_the_tasks(order):
    plan = plan_of_fits(abs, list(range(7)), "fits", 1)
    assert list(in_order_of(plan.tiles, [(plan.tiles[place], place) for place in order])) == list(range(7))


def test_a_result_waits_for_no_later_one():
    plan = plan_of_fits(abs, [1, 2, 3], "fits", 1)

    def coming():
        yield plan.tiles[1], "second"
        yield plan.tiles[0], "first"
        raise AssertionError("the third was asked for")

    results = in_order_of(plan.tiles, coming())
    assert [next(results), next(results)] == ["first", "second"]
