"""The study of audits measures what it says, on a small world."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.audits import audited, map_of, measures, places_of, summary
from benchmarks.light_arctic import LightSpecification, make_world

WORLD = make_world(LightSpecification(seed=3, n_side=48, imaged_share=0.4, block_m=200_000.0))


def test_a_map_without_bias_is_left_alone_where_none_is_shown() -> None:
    chances = np.random.default_rng(0).uniform(0.1, 0.6, 4000)
    seen = np.random.default_rng(1).random(4000) < chances
    cells = pd.DataFrame({"p_any": chances, "true": chances, "seen": seen})
    found = pd.DataFrame([audited(cells, 100, seed) for seed in range(200)])
    assert found["as it is"].max() < 1e-12
    assert 0.02 < found["shown"].mean() < 0.09
    assert (found["covered"] == 1 - found["shown"]).all()
    assert found["corrected where shown"].mean() < 0.3 * found["corrected"].mean()


def test_a_large_bias_is_shown_and_mended() -> None:
    true = np.random.default_rng(0).uniform(0.05, 0.3, 4000)
    cells = pd.DataFrame({"p_any": true * 2, "true": true, "seen": np.random.default_rng(1).random(4000) < true})
    found = pd.DataFrame([audited(cells, 300, seed) for seed in range(50)])
    assert found["as it is"].mean() == pytest.approx(true.mean(), rel=0.01)
    assert found["shown"].min() == 1
    assert found["corrected"].mean() < 0.2 * found["as it is"].mean()


def test_every_place_is_told() -> None:
    rows = pd.DataFrame(list(measures(WORLD, map_of(WORLD, "logistic"))))
    assert (places_of(WORLD)["beyond 314 km"] & WORLD.is_imaged).sum() == 0
    assert set(rows["cells"][rows["place"] == "all land"]) == {30, 100, 300}
    assert summary(pd.concat([rows, rows])).count("all land") == 3
