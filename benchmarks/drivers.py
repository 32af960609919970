"""What is called a driver on light virtual Arctics, where the drivers are known.

``python -m benchmarks.drivers --seeds 31 32 33`` gives every world, beside its own layers, those of another world: they
look like real ones and mean nothing. Five sets of features and the embeddings, which show ground ice, are true.
"""

import argparse
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import KDTree
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from benchmarks.light_arctic import NUISANCE, LightArctic, LightSpecification, make_world
from entropice.learning.classes import fit_classes
from entropice.learning.drivers.nulls import Land
from entropice.learning.drivers.table import global_drivers
from entropice.learning.models import MODELS
from entropice.learning.predictor import NOTHING, Part
from entropice.learning.tuning import Tuning

logger = logging.getLogger(__name__)

BORROWED: Final = "borrowed_"
OTHER_WORLD: Final = 1000
TRUE: Final = ("log_slope", "northness", "summer_temperature", "summer_warming", "summer_rain", "embedding")
RIDGES: Final = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
MODEL: Final = MODELS["ordinal_ridge"]
BUFFER_M: Final = 140_000.0


def with_borrowed(world: LightArctic, other: LightArctic) -> LightArctic:
    """The world with the layers of another world, from the nearest land, in groups of their own."""
    _, nearest = KDTree(other.coordinates_m).query(world.coordinates_m)
    names = [name for name in other.features if other.groups[name] != NUISANCE]
    borrowed = other.features[names].iloc[nearest].reset_index(drop=True).add_prefix(BORROWED)
    groups = {BORROWED + name: BORROWED + other.groups[name] for name in names}
    features = pd.concat([world.features, borrowed], axis="columns")
    return replace(world, features=features, groups={**world.groups, **groups})


def drivers_of(world: LightArctic, n_nulls: int, n_folds: int) -> pd.DataFrame:
    """The table of drivers, by a ridge that is tuned as for a map."""
    fractions = world.training_table["rts_area_fraction"].to_numpy()
    codes, samples = fit_classes(fractions, 4).assign(fractions), world.training_samples
    candidates = [{"ridge": ridge, "later_ridge_ratio": 3.0} for ridge in RIDGES]
    tuning = Tuning({MODEL.name: candidates}, 6, BUFFER_M, 0)
    part = Part(MODEL, 1.0, {NOTHING: tuning.fit(MODEL, tuning.inner_folds(samples, codes))})
    tuning = replace(tuning, n_folds=n_folds)
    land = Land(world.coordinates_m, lambda numbers: world.features.iloc[numbers].reset_index(drop=True))
    return global_drivers(part, tuning.inner_folds(samples, codes), tuning, land, n_nulls)


def truth_of(features: str) -> str:
    """The true driver that a set holds, ``proxy`` for a layer that only follows one, or ``false``."""
    names = features.split()
    if any(name.startswith((BORROWED, "layer")) for name in names):
        return "false"
    return next((each for each in TRUE if any(name.startswith(each) for name in names)), "proxy")


def judge(table: pd.DataFrame) -> dict[str, float]:
    """Discoveries among the clusters, and how well importance over its null tells true drivers from false ones."""
    clusters = table[table["level"] == "cluster"]
    truth, is_found = clusters["features"].map(truth_of), clusters["is_discovery"]
    best = clusters["importance"].groupby(truth).max().drop(["false", "proxy"], errors="ignore")
    false = clusters.loc[truth == "false", "importance"]
    return {
        "n_clusters": len(clusters),
        "n_true_found": truth[is_found & ~truth.isin(["false", "proxy"])].nunique(),
        "n_found": int(is_found.sum()),
        "n_false_found": int((is_found & (truth == "false")).sum()),
        "n_proxies_found": int((is_found & (truth == "proxy")).sum()),
        "rank_auc": float(roc_auc_score(np.repeat([1, 0], [len(best), len(false)]), [*best, *false])),
    }


def measure(seed: int, n_nulls: int, n_folds: int) -> dict[str, float]:
    """One world, in one thread."""
    world = with_borrowed(*(make_world(LightSpecification(each)) for each in (seed, seed + OTHER_WORLD)))
    begin_s = time.process_time()
    with threadpool_limits(limits=1):
        table = drivers_of(world, n_nulls, n_folds)
    return {"seed": seed, **judge(table), "cpu_s": time.process_time() - begin_s}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure worlds; print each and the means."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--nulls", type=int, default=8)
    parser.add_argument("--folds", type=int, default=3)
    chosen = parser.parse_args(arguments)
    rows = []
    for seed in chosen.seeds:
        rows.append(measure(seed, chosen.nulls, chosen.folds))
        logger.info("%s", rows[-1])
    means = pd.DataFrame(rows).mean().drop("seed")
    logger.info("%s", means.round(3).to_dict())
    logger.info("False among found, over all worlds: %.3f", means["n_false_found"] / max(means["n_found"], 1e-9))


if __name__ == "__main__":
    main()
