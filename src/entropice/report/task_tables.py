"""What tasks add to the map package: outlines and tiles around the cells, curves and scores."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from entropice.report.layers import Layer
from entropice.report.palettes import CHOICE_COLOURS, CHOICE_LABELS, PROBABILITY_RAMP
from entropice.report.quantities import Format
from entropice.report.results import TaskResults
from entropice.report.scales import Categorical, Graduated, Scale, named
from entropice.report.table import Meaning, Table, columns_of
from entropice.report.task_facts import TaskText
from entropice.types import DataFrame, GeoDataFrame

OUTLINES: Final = "outlines"
TILES: Final = "tiles"
CURVES: Final = "curves"
SCORES: Final = "scores"
OBJECT_SCORES: Final = "object_scores"
JOINT_SCORES: Final = "joint_scores"
PRECISION_RECALL: Final = "precision_recall"
RELIABILITY: Final = "reliability"
GATE: Final = "gate"
TILE_WIDTH_MM: Final = 0.5
CHANCE_BREAKS: Final = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)

_YEAR: Final[Meaning] = ("1", "Year of the images.")
_TILE: Final[Meaning] = (None, "Name of the tile.")
_N_OUTLINES: Final[Meaning] = ("1", "Outlines that were found.")
_CELL_ID: Final[Meaning] = (None, "Number of the cell that holds it, as in the table cells.")
_RATIO: Final[Meaning] = ("1", "Negatives for each positive at which it is told; null where it does not depend on it.")
_INTERVAL: Final[dict[str, Meaning]] = {
    "value": ("1", "The score; null where it is not defined."),
    "low_95": ("1", "Lower end of the 95 % interval, by bootstrap of blocks of ground."),
    "high_95": ("1", "Upper end of the 95 % interval."),
}
_OUTLINES: Final[dict[str, Meaning]] = {
    "outline_id": ("1", "Number of the object, the same in all years and of all of its parts."),
    "year": _YEAR,
    "tile": _TILE,
    "area_m2": ("m2", "Expected area, calibrated."),
    "area_sd_m2": ("m2", "Standard deviation of the area."),
    "p": ("1", "Chance that it is true, from its pixels and from what is expected of its cell."),
    "p_pixels": ("1", "Chance that it is true, from its pixels alone."),
}
_TILES: Final[dict[str, Meaning]] = {
    "tile": _TILE,
    "year": _YEAR,
    "cell_id": _CELL_ID,
    "is_best": ("1", "1 where it was chosen because much is expected on it, 0 where it was drawn at random."),
    "chosen": (None, "The same in words: best or random."),
    "inclusion": ("1", "Chance that the design draws it."),
    "expected": ("1", "Objects expected on it before looking."),
    "n_found": _N_OUTLINES,
    "expected_found": ("1", "Sum of the chances that these are true."),
    "seen_area_m2": ("m2", "Area of it that the image shows."),
}
_SCORES: Final[dict[str, Meaning]] = {
    "model": (None, "Name of the model of pixels."),
    "compared_with": (None, "Model whose score is taken from it, in the same blocks; null where none is."),
    "ratio": _RATIO,
    "score": (None, "Name of the score."),
    **_INTERVAL,
    "n_blocks": ("1", "Blocks of ground in the test tiles."),
}
_OBJECT_SCORES: Final[dict[str, Meaning]] = {
    "min_iou": ("1", "Overlap (intersection over union) from which a found object counts as a true one."),
    "ratio": _RATIO,
    "low_m": ("m", "Of a class of sizes, the least extent of true objects; null of all sizes."),
    "high_m": ("m", "Of a class of sizes, the extent that they stay below; null of all sizes, and of the last class."),
    "score": (None, "Name of the score; advises_resolutions is 1 where a class of sizes falls behind, else 0."),
    **_INTERVAL,
    "n_blocks": ("1", "Blocks of ground in the test tiles."),
    "n_true": ("1", "True objects."),
    "n_found": _N_OUTLINES,
}
_JOINT_SCORES: Final[dict[str, Meaning]] = {
    "way": (None, "How cells and pixels are joined: pixels, hard_gate or soft."),
    "compared_with": (None, "Way whose score is taken from it, in the same blocks; null where none is."),
    "ratio": _RATIO,
    "score": (None, "Name of the score."),
    **_INTERVAL,
    "n_true": ("1", "True objects."),
    "n_found": _N_OUTLINES,
}
_CURVES: Final[dict[str, Meaning]] = {
    "curve": (
        None,
        "precision_recall: recall and precision; reliability: mean chance and frequency; gate: share of observed "
        "land that is left out, and missed share of held-out blocks.",
    ),
    "model": (None, "Name of the model of pixels; null for the gate."),
    "ratio": _RATIO,
    "x": ("1", "First of the two."),
    "y": ("1", "Second of the two."),
    "n": ("1", "Pixels behind a point, weighted; null where points are not counted."),
    "threshold_per_km2": ("km-2", "Of the gate, the expected density from which cells pass; null else."),
}


def task_tables(task: TaskText, results: TaskResults) -> tuple[Table, ...]:
    """The tables of a task, ``<task>_…``: outlines and tiles first.

    Always all six, a dataset without rows giving a table without rows, with these columns and no others: ``outlines``
    (``outline_id year tile area_m2 area_sd_m2 p p_pixels`` and geometry), ``tiles`` (``tile year cell_id is_best chosen
    inclusion expected n_found expected_found seen_area_m2`` and geometry), ``scores`` (``model compared_with ratio
    score value low_95 high_95 n_blocks``), ``object_scores`` (``min_iou ratio low_m high_m score value low_95 high_95
    n_blocks n_true n_found``), ``curves`` (``curve model ratio x y n threshold_per_km2``) and ``joint_scores`` (``way
    compared_with ratio score value low_95 high_95 n_true n_found``).

    Raises
    ------
    KeyError
        A dataset lacks one of these columns.
    """
    what = task.nouns.capitalize()
    return (
        _table(task, OUTLINES, f"{what} outlined in images", outlines_table(results.outlines), _OUTLINES),
        _table(task, TILES, f"{what}: tiles that were imaged", tiles_table(results.imaged_tiles), _TILES),
        _table(task, SCORES, f"{what}: scores of pixels", results.image_scores, _SCORES),
        _table(task, OBJECT_SCORES, f"{what}: scores of objects", results.object_scores, _OBJECT_SCORES),
        _table(task, CURVES, f"{what}: curves of pixels and gate", curves_table(results), _CURVES),
        _table(task, JOINT_SCORES, f"{what}: scores of joined evidence", results.joint_scores, _JOINT_SCORES),
    )


def _table(task: TaskText, own: str, title: str, frame: DataFrame, meanings: Mapping[str, Meaning]) -> Table:
    """The columns that have a meaning, in its order."""
    is_context = own in (OUTLINES, TILES)
    names = [*meanings, "geometry"] if is_context else list(meanings)
    told = frame[names]
    return Table(
        f"{task.name}_{own}", title, "context" if is_context else "attributes", told, columns_of(told, meanings)
    )


def outlines_table(outlines: GeoDataFrame) -> GeoDataFrame:
    """The outlines, all columns, in a fixed order: by year and ``outline_id``; a new index counts from 0.

    Examples
    --------
    >>> outlines_table(pd.DataFrame({"year": [2021, 2020, 2020], "outline_id": [1, 2, 1]})).to_numpy().tolist()
    [[2020, 1], [2020, 2], [2021, 1]]
    """
    return outlines.sort_values(["year", "outline_id"], kind="stable", ignore_index=True)


def tiles_table(tiles: GeoDataFrame) -> GeoDataFrame:
    """The tiles in a fixed order, with the column ``chosen`` in words; ``cell_id`` as int64.

    By year and ``tile``. ``is_best`` is 0 or 1 (int64), ``chosen`` best or random; the other columns stay.

    Examples
    --------
    >>> tiles = pd.DataFrame({"tile": ["b", "a"], "year": 2020, "cell_id": [7, 8], "is_best": [True, False]})
    >>> tiles_table(tiles)[["tile", "is_best", "chosen"]].to_numpy().tolist()
    [['a', 0, 'random'], ['b', 1, 'best']]
    """
    told = tiles.assign(
        cell_id=tiles["cell_id"].astype(np.int64),
        is_best=tiles["is_best"].astype(np.int64),
        chosen=np.where(tiles["is_best"].to_numpy(bool), "best", "random"),
    )
    return told.sort_values(["year", "tile"], kind="stable", ignore_index=True)


def curves_table(results: TaskResults) -> DataFrame:
    """The curves of pixels, then the points of the gate, least land saved first.

    Columns ``model ratio curve x y n threshold_per_km2``; NaN or null where a curve has no such thing. Curves of pixels
    are those of ``image_curves``; of the gate, whose ``curve`` is a list of ``[threshold_per_km2, missed_share,
    land_saved]``, ``x`` is the share of land saved, ``y`` the missed share, and a threshold that is infinite is NaN.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pixels = pd.DataFrame({"model": ["network"], "ratio": 500.0, "curve": "reliability", "x": 0.5, "y": 0.25})
    >>> pixels["n"] = 9
    >>> gate = {"curve": [[0.004, 0.05, 0.5], [float("-inf"), 0.0, 0.0]]}
    >>> told = curves_table(SimpleNamespace(image_curves=pixels, gate=gate))
    >>> told[["curve", "x", "y", "threshold_per_km2"]].to_numpy().tolist()[1:]
    [['gate', 0.0, 0.0, nan], ['gate', 0.5, 0.05, 0.004]]
    """
    gate = pd.DataFrame(results.gate["curve"], columns=["threshold_per_km2", "missed_share", "land_saved"])
    points = gate.rename(columns={"land_saved": "x", "missed_share": "y"}).astype("float64")
    points["threshold_per_km2"] = points["threshold_per_km2"].where(np.isfinite(points["threshold_per_km2"]))
    of_gate = points.sort_values(["x", "y"], kind="stable").assign(curve=GATE, model=None, ratio=np.nan, n=np.nan)
    pixels = results.image_curves.assign(threshold_per_km2=np.nan)
    both = pd.concat([pixels.astype({"n": "float64"}), of_gate.astype({"model": "str"})], ignore_index=True)
    return both.astype({"model": "str", "curve": "str"})


def task_layers(task: TaskText, tables: Mapping[str, Table]) -> tuple[Layer, ...]:
    """Outlines by their chance, and tiles by how they were chosen, top of the map first.

    Chances have steps that end at .05, .1, .25, .5, .75, .9 and 1, whatever occurs; tiles are drawn by their outlines
    alone.

    Parameters
    ----------
    tables
        By name, those of `task_tables` among them.
    """
    chance = Graduated(CHANCE_BREAKS, PROBABILITY_RAMP)
    how = Categorical(named(CHOICE_COLOURS, CHOICE_LABELS).categories, outline_width_mm=TILE_WIDTH_MM)
    return (
        _layer(tables[f"{task.name}_{OUTLINES}"], "p", _OUTLINES["p"], chance, "percent"),
        _layer(tables[f"{task.name}_{TILES}"], "chosen", (None, "How tiles were chosen."), how, "text"),
    )


def _layer(table: Table, column: str, meaning: Meaning, scale: Scale, form: Format) -> Layer:
    unit, description = meaning
    return Layer(
        name=table.name,
        table=table.name,
        column=column,
        quantity=table.name,
        year=None,
        title=table.title,
        description=description,
        unit=unit,
        group="context",
        on_map=True,
        format=form,
        scale=scale,
    )
