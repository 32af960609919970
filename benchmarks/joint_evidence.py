"""What joining pixels with the expected density of their cell gains over pixels alone and over a hard gate.

``python -m benchmarks.joint_evidence --work FOLDER --seeds 121 122 --records FILE`` makes the worlds of
`benchmarks.virtual_arctic` below FOLDER, unless they are made, and predicts every imaged cell and year out of fold as
`benchmarks.two_stage` does. A detector is simulated on the imaged land: true objects are the slumps that the campaign
found, lookalikes are uniform on land, 200, 500 or 1000 to each; scores are normal with standard deviation 1 around d′
for true ones and around 0 for lookalikes, so that an object's evidence is log LR(s) = d′ s − d′² / 2. Nothing is drawn:
for each cell the normal law says how many of each kind lie above a threshold, and these expected counts are scored.

Objects are ranked

- by pixels alone;
- by pixels where the cell passes a hard gate, the rest being missed: by conformal risk control with bound .05,
  calibrated on all spatial folds but that of the cell, or by the density that keeps 95 % of the slumps, cut in
  hindsight. Objects that are missed stand at the end of the ranking, which flatters a gate by less than .0003;
- by evidence and log density of the cell relative to the mean, `entropice.learning.two_stage.joint`. Densities come
  from a model out of fold or, as the most that can be gained, from the true rates, which know nothing of the effect of
  each block that no input shows.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from scipy.special import ndtr

from benchmarks.mapped_world import read_cells, read_cube
from benchmarks.matrix import Measures, measured_worlds, report
from benchmarks.two_stage import LIMIT, Imaged, all_but_one, imaged
from benchmarks.virtual_arctic import load_world
from entropice.imagery.pixel_scores import predicted_over_observed, predicted_over_observed_at_the_top
from entropice.imagery.prevalence import average_precision, precision_at_recall
from entropice.imagery.score_steps import Steps
from entropice.learning.models.model import BEST
from entropice.learning.two_stage.gate import fit_gate
from entropice.learning.two_stage.joint import log_relative_density, posterior_log_odds
from entropice.types import BoolArray, FloatArray

SEPARATIONS: Final = (1.5, 2.0, 3.0, 4.0)
RATIOS: Final = (200, 500, 1000)
MODELS: Final = {"best": BEST, "logistic": "logistic", "eSPA": "espa_ensemble"}
PIXELS: Final = "pixels alone"
SOFT_TRUE: Final = "soft, true density"
BOUND: Final = 0.05
KEPT: Final = 0.95
RECALL: Final = 0.5
FLOOR_SHARE: Final = 0.01
"""Densities below this share of the mean are raised to it."""

N_STEPS: Final = 4000
_FARTHEST_SD: Final = 8.0


def expected_steps(
    added: FloatArray, passes: BoolArray, n_true: FloatArray, land: FloatArray, separation: float
) -> Steps:
    """Expected counts of objects by their joined evidence.

    Parameters
    ----------
    added
        (n_cell,) what the cell adds to an object's log likelihood ratio.
    passes
        (n_cell,) whether its objects are found; the others stand at the end.
    n_true, land
        (n_cell,) true objects, and land, on which lookalikes are uniform.
    separation
        d′.
    """
    scale, middle = separation, separation**2 / 2
    ends = added.min() - middle - _FARTHEST_SD * scale, added.max() + middle + _FARTHEST_SD * scale
    edges = np.linspace(ends[1], ends[0], N_STEPS + 1)
    counts = [
        _counts(edges, added + mean, scale, np.where(passes, weights, 0.0), float(weights.sum()))
        for mean, weights in ((-middle, land), (middle, n_true))
    ]
    return Steps((edges[:-1] + edges[1:]) / 2, edges[1:], np.array(counts))


def _counts(edges: FloatArray, mean: FloatArray, scale: float, found: FloatArray, total: float) -> FloatArray:
    """Objects in each step from the highest down; those beyond the last edge, or not found, are in the last step."""
    above = np.array([found @ ndtr((mean - edge) / scale) for edge in edges])
    above[0], above[-1] = 0.0, total
    return np.diff(above)


def gate_by_folds(rows: Imaged, density: FloatArray) -> BoolArray:
    """Whether each row passes the gate that was calibrated on all spatial folds but its own."""
    passes = np.ones(len(density), dtype=bool)
    for calibrates in all_but_one(rows):
        is_first = calibrates[rows.block]
        gate = fit_gate(density[is_first], rows.n_slumps[is_first], rows.block[is_first], BOUND)
        passes[~is_first] = gate.passes(density[~is_first])
    return passes


def gate_keeping(rows: Imaged, density: FloatArray, kept: float) -> BoolArray:
    """Whether each row has the density that keeps a share of all slumps, known in hindsight, or a higher one."""
    order = np.argsort(-density, kind="stable")
    reached = rows.n_slumps[order].cumsum() / rows.n_slumps.sum()
    return np.asarray(density >= density[order[np.searchsorted(reached, kept)]], dtype=bool)


def ways(rows: Imaged) -> Mapping[str, tuple[FloatArray, BoolArray]]:
    """What each way adds to the evidence of a row's objects, and whether it finds them."""
    n = len(rows.land_km2)
    nothing, everything = np.zeros(n), np.ones(n, dtype=bool)
    found = {PIXELS: (nothing, everything)}
    for title, name in MODELS.items():
        density = rows.density[name]
        found[f"gate {BOUND}, {title}"] = nothing, gate_by_folds(rows, density)
        found[f"gate keeping {KEPT:.0%}, {title}"] = nothing, gate_keeping(rows, density, KEPT)
        found[f"soft, {title}"] = relative(rows, density), everything
    found[f"gate keeping {KEPT:.0%}, true density"] = nothing, gate_keeping(rows, rows.density[LIMIT], KEPT)
    return {**found, SOFT_TRUE: (relative(rows, rows.density[LIMIT]), everything)}


def relative(rows: Imaged, density: FloatArray) -> FloatArray:
    """Log of a row's density over the mean."""
    mean = float(np.average(density, weights=rows.land_km2))
    return log_relative_density(density, rows.land_km2, FLOOR_SHARE * mean)


def measures(rows: Imaged) -> Measures:
    """All of one world."""
    found: Measures = {}
    tried = ways(rows)
    for separation in SEPARATIONS:
        steps = {way: expected_steps(*each, rows.n_slumps, rows.land_km2, separation) for way, each in tried.items()}
        for ratio in RATIOS:
            found.update(scores(steps, separation, ratio))
    for way, (_, passes) in tried.items():
        found["what a gate leaves out", way, "slumps"] = 1 - float(rows.n_slumps[passes].sum() / rows.n_slumps.sum())
        found["what a gate leaves out", way, "land"] = 1 - float(rows.land_km2[passes].sum() / rows.land_km2.sum())
    return found


def scores(steps: Mapping[str, Steps], separation: float, ratio: int) -> Measures:
    """Scores of every way, and by how much the soft ones exceed pixels alone and the gates of the same model."""
    column = f"1:{ratio}"
    ap = {way: float(average_precision(each, ratio)) for way, each in steps.items()}
    precision = {way: float(precision_at_recall(each, ratio, RECALL)) for way, each in steps.items()}
    found: Measures = {(f"AP, d′ {separation:g}", way, column): value for way, value in ap.items()}
    for way, value in precision.items():
        found[f"precision at recall {RECALL}, d′ {separation:g}", way, column] = value
    for way in (way for way in steps if way.startswith("soft")):
        title = way.removeprefix("soft, ")
        for rival in (PIXELS, f"gate {BOUND}, {title}", f"gate keeping {KEPT:.0%}, {title}"):
            if rival in ap:
                name = rival.removesuffix(f", {title}")
                found[f"AP gained, d′ {separation:g}", f"{way} − {name}", column] = ap[way] - ap[rival]
        found.update(calibration(steps[way], separation, ratio, way))
    for way in (way for way in steps if way.startswith("gate")):
        found[f"AP gained, d′ {separation:g}", f"{way} − {PIXELS}", column] = ap[way] - ap[PIXELS]
    return found


def calibration(steps: Steps, separation: float, ratio: int, way: str) -> Measures:
    """Chances over what is true, overall and in the tenth of objects with the highest chances."""
    chances = Steps(
        posterior_log_odds(steps.logits, np.zeros(len(steps.logits)), 1 / (1 + ratio)), steps.thresholds, steps.counts
    )
    title = f"chances over true objects, d′ {separation:g}"
    return {
        (title, way, f"1:{ratio}"): float(predicted_over_observed(chances, ratio)),
        (title, way, f"1:{ratio}, top tenth"): float(predicted_over_observed_at_the_top(chances, ratio)),
    }


def measure(work: Path, seed: int) -> Measures:
    """Make or read a world and measure it."""
    folder = work / f"world_{seed}"
    world = load_world(work, seed)
    return measures(imaged(world, read_cells(folder), read_cube(folder / "01_raw/truth.zarr")))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure worlds and print the tables."""
    print(report(measured_worlds(__doc__, measure, arguments)))  # noqa: T201


if __name__ == "__main__":
    main()
