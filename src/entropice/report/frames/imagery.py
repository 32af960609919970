"""What a task has found in images: cells for maps, and the curves of pixels and gate."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from entropice.report.frames.map import geojson, map_frame_km
from entropice.report.frames.outlines import outlined_cells, rounded_km
from entropice.report.palettes import CHOICE_LABELS
from entropice.report.run_tables import RunFacts, RunTables
from entropice.report.scales import Graduated
from entropice.report.surroundings import visible_land
from entropice.report.task_facts import TaskFacts
from entropice.report.task_tables import CURVES, GATE, TILES
from entropice.types import DataFrame, Series

LEFT_OUT: Final = "left out by the gate"
NOT_IMAGED: Final = "passes, not imaged"
NOT_SEEN_TWICE: Final = "not seen in two years"
TOLD: Final = (
    "found_per_km2", "found_low_90", "found_high_90", "growth_m2_per_year", "growth_low_90", "growth_high_90",
    "expected_per_km2", "imaged_fraction", "look_next_rank",
)  # fmt: skip
"""Quantities of a task that a map tells of a cell."""


def found_map(run: RunTables, task: TaskFacts) -> DataFrame:
    """Every cell with what its gate said and what was found in it.

    From the tables ``cells`` and, for steps of colours, the run's layers.

    Returns
    -------
    DataFrame
        Columns ``cell`` (as users of the grid spell it), ``geometry`` (km, EPSG:3413); ``gate found_per_km2
        found_low_90 found_high_90 growth_m2_per_year growth_low_90 growth_high_90 expected_per_km2 imaged_fraction
        look_next_rank``, null where unknown; ``gate`` is ``looked_at`` or ``left_out``; ``shown``: ``left out by the
        gate``, ``passes, not imaged``, or the step of the scale that the found density is in (`step_names`). No rows of
        more than 20,000 cells. Found density comes before the gate: a cell that was left out and yet imaged has its
        step.
    """
    cells = _cells(run, task)
    steps = step_names(cells["found_per_km2"], scale_of_quantity(run.facts, task.called("found_per_km2")))
    outside = np.where(cells["gate"] == "left_out", LEFT_OUT, NOT_IMAGED)
    return cells.assign(shown=steps.where(steps.notna(), outside))


def growth_map(run: RunTables, task: TaskFacts) -> DataFrame:
    """The columns of `found_map`, ``shown`` being left out by the gate, not seen in two years, or the step of growth.

    No rows where growth is known nowhere. Those two are spelt ``left out by the gate`` and ``not seen in two years``;
    known growth comes before either.
    """
    cells = _cells(run, task)
    steps = step_names(cells["growth_m2_per_year"], scale_of_quantity(run.facts, task.called("growth_m2_per_year")))
    outside = np.where(cells["gate"] == "left_out", LEFT_OUT, NOT_SEEN_TWICE)
    told = cells.assign(shown=steps.where(steps.notna(), outside))
    return told if steps.notna().any() else told.head(0)


def _cells(run: RunTables, task: TaskFacts) -> DataFrame:
    shown, cells = outlined_cells(run), run.frame("cells").set_index("cell_id")
    of_task = cells.reindex(columns=[task.called(name) for name in ("gate", *TOLD)])
    told = of_task.set_axis(["gate", *TOLD], axis="columns").astype(dict.fromkeys(TOLD, "float64"))
    return shown.join(told).reset_index(drop=True)


def scale_of_quantity(facts: RunFacts, quantity: str) -> Graduated | None:
    """The steps of a quantity, those of its first layer that has any; None where the run does not have it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scale = Graduated((0.0, 1.0), ("#fff",))
    >>> facts = SimpleNamespace(layers=[SimpleNamespace(quantity="lakes_found_per_km2", scale=scale)])
    >>> scale_of_quantity(facts, "lakes_found_per_km2") is scale, scale_of_quantity(facts, "lakes_gate")
    (True, None)
    """
    scales = [layer.scale for layer in facts.layers if layer.quantity == quantity]
    return next((scale for scale in scales if isinstance(scale, Graduated)), None)


def step_names(values: Series, scale: Graduated | None) -> Series:
    """The step that each value (n,) is in, as readers know it; null where it is unknown, index that of the values.

    A value on a break is in the step above it; what lies beyond the outer breaks is in the outermost step. All are null
    without a scale.

    Examples
    --------
    >>> scale = Graduated((0.0, 1.0, 2.0), ("#fff", "#000"))
    >>> step_names(pd.Series([0.5, 1.0, 9.0, np.nan]), scale).tolist()
    ['0 – 1', '1 – 2', '1 – 2', None]
    """
    if scale is None:
        return pd.Series(None, values.index, dtype=object)
    places = np.searchsorted(scale.breaks[1:-1], values.to_numpy(float), side="right")
    # NaN is sorted behind all breaks; its name is taken away again below.
    names = np.array(scale.steps(), dtype=object)[np.minimum(places, len(scale.colours) - 1)]
    return pd.Series(names, values.index, dtype=object).where(values.notna(), None)


def surroundings(run: RunTables, task: TaskFacts) -> dict[str, list[dict[str, Any]]]:
    """``land`` in the frame of the map, and ``tiles``, once each: ``x y`` in km, and how they were ``chosen``.

    Rows as plain values, EPSG:3413: ``land`` is one row whose ``geometry`` is a multipolygon as GeoJSON in km, without
    parts where there is no land; ``tiles`` is a row ``x y chosen tile`` a tile, none without tiles, with centres
    rounded to 100 m and ``chosen as best`` or ``drawn at random``. A tile of several years is told as in the first row
    that names it. The run has cells, 20,000 at most.
    """
    cells = outlined_cells(run)["geometry"].to_numpy()
    left, bottom, right, top = (1000.0 * edge for edge in map_frame_km(cells))
    land = visible_land(run.frame("land")["geometry"].to_numpy(), (left, bottom, right, top))
    tiles = run.frame(task.called(TILES)).drop_duplicates("tile")
    centres = shapely.get_coordinates(shapely.centroid(tiles["geometry"].to_numpy())) / 1000.0
    return {
        "land": [{"geometry": geojson(shapely.MultiPolygon(list(rounded_km(land))))}],
        "tiles": [
            {"x": round(x, 1), "y": round(y, 1), "chosen": CHOICE_LABELS[chosen], "tile": tile}
            for (x, y), chosen, tile in zip(centres.tolist(), tiles["chosen"], tiles["tile"], strict=True)
        ],
    }


def pixel_curves(run: RunTables, task: TaskFacts, curve: str) -> DataFrame:
    """The points of a curve of pixels, models by title in reading order.

    Within a model by ratio and ``x``; points of which ``x`` or ``y`` is unknown are left out.

    Parameters
    ----------
    curve
        ``precision_recall`` (x recall, y precision) or ``reliability`` (x mean chance, y frequency).

    Returns
    -------
    DataFrame
        ``model ratio at x y n``; ``at`` is the ratio as readers know it, such as ``1:500``, ``n`` weighted pixels.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"curve": "reliability", "model": ["trees", "network", "network"], "ratio": 500.0,
    ...                      "x": [0.5, 0.5, None], "y": 0.25, "n": 9.0})
    >>> task = SimpleNamespace(called="lakes_{}".format, model_titles={"network": "The network", "trees": "Trees"})
    >>> pixel_curves(SimpleNamespace(frame=lambda _: rows), task, "reliability").to_numpy().tolist()
    [['The network', 500.0, '1:500', 0.5, 0.25, 9.0], ['Trees', 500.0, '1:500', 0.5, 0.25, 9.0]]
    """
    rows = run.frame(task.called(CURVES))
    of_curve = rows[rows["curve"] == curve].dropna(subset=["x", "y"])
    titled = of_curve.assign(model=pd.Categorical(of_curve["model"], list(task.model_titles)))
    ordered = titled.sort_values(["model", "ratio", "x"], kind="stable", ignore_index=True)
    titles: Mapping[str, str] = task.model_titles
    named = ordered.assign(model=ordered["model"].map(titles).astype(object), at=ordered["ratio"].map(ratio_name))
    return named[["model", "ratio", "at", "x", "y", "n"]]


def ratio_name(ratio: float) -> str:
    """Positives to negatives, such as ``1:500``.

    Examples
    --------
    >>> ratio_name(500.0)
    '1:500'
    """
    return f"1:{ratio:g}"


def gate_curve(run: RunTables, task: TaskFacts) -> DataFrame:
    """What a gate misses by what it saves.

    Returns
    -------
    DataFrame
        ``land_saved missed_share threshold_per_km2`` (null where all cells pass), least land saved first, and
        ``is_chosen``: the last point whose threshold is at most that of the gate, but for a billionth of it; null
        counts as below all.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"curve": GATE, "x": [0.0, 0.5, 0.75], "y": [0.0, 0.05, 0.2],
    ...                      "threshold_per_km2": [None, 0.004, 0.01]})
    >>> task = SimpleNamespace(called="lakes_{}".format, gate=SimpleNamespace(threshold_per_km2=0.004))
    >>> gate_curve(SimpleNamespace(frame=lambda _: rows), task)["is_chosen"].tolist()
    [False, True, False]
    """
    rows = run.frame(task.called(CURVES))
    points = rows[rows["curve"] == GATE].rename(columns={"x": "land_saved", "y": "missed_share"})
    points = points[["land_saved", "missed_share", "threshold_per_km2"]].reset_index(drop=True)
    chosen = -np.inf if task.gate.threshold_per_km2 is None else task.gate.threshold_per_km2
    # The threshold stands in the manifest and in the table of curves: a last digit must not decide which point it is.
    passed = points.index[points["threshold_per_km2"].fillna(-np.inf) <= chosen * (1 + np.sign(chosen) * 1e-9)]
    return points.assign(is_chosen=points.index == (passed.max() if len(passed) else -1))
