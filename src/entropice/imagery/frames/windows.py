"""Sequences to cut from fields: which ground, and from which step on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.samples import Place
from entropice.imagery.uniform_hash import uniform_of
from entropice.types import BoolArray, DataFrame, FloatArray, IntArray


@dataclass(frozen=True)
class Window:
    """One sequence.

    Attributes
    ----------
    key
        Names it.
    place
        Its ground; the year is that of the first step that is forecast.
    first
        Index of its first input step in the series.
    """

    key: str
    place: Place
    first: int

    def pixels_of(self, series: FieldSeries) -> tuple[slice, slice]:
        """Rows and columns that the window has in the series, its corner rounded to the nearest pixel.

        Nothing is clipped or refused: of a window that lies partly outside, which `window_table` gives none of, the
        slices begin below 0, where numpy counts from the end, or end beyond the fields.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> series = SimpleNamespace(corner_m=(0.0, 40.0), pixel_m=10.0)
        >>> Window("a", Place(20.0, 30.0, 10.0, 2, 2020), first=0).pixels_of(series)
        (slice(1, 3, None), slice(2, 4, None))
        """
        left_m, top_m = series.corner_m
        column = round((self.place.left_m - left_m) / series.pixel_m)
        row = round((top_m - self.place.top_m) / series.pixel_m)
        return slice(row, row + self.place.n_pixels), slice(column, column + self.place.n_pixels)


def window_table(series: FieldSeries, target_bands: tuple[str, ...], rules: WindowRules, seed: int) -> DataFrame:
    """Sequences within one run, with truth for their first horizon at least, where enough of the ground is known.

    They begin at every ``rules.every_steps``-th step of a run, and their ground at the pixels of `first_pixels`; enough
    is a share of ``rules.min_known`` or more of its pixels.

    Parameters
    ----------
    series
        Fields.
    target_bands
        Ground is known where all of these are, at the last input and at the first horizon.
    rules
        Size, spacing and number of sequences, and how much must be known.
    seed
        Of those that are drawn where there are more than ``rules.n_windows``.

    Returns
    -------
    DataFrame
        ``key left_m top_m pixel_m n_pixels year first``, by step and then by row and column. Corners are in the
        coordinates of the ground; ``year`` is that of the first horizon, ``first`` the index of the first input step.
        Keys are ``<day of the first horizon>_<left>_<top>``, such as ``20200101_+0_-400``, in metres.

    Raises
    ------
    LabelError
        There is none.

    Notes
    -----
    Those that are drawn are those with the lowest hash ``uniform_of(seed, "windows", key)`` of
    `entropice.imagery.uniform_hash`, so that the drawn ones of a part of a series are not changed by others.
    """
    firsts = _first_steps(series.runs, rules)
    rows, columns = first_pixels(series, rules.n_pixels, rules.stride_px)
    chosen = [
        (first, row, column)
        for first in firsts
        for row, column in _known_places(series, target_bands, int(first) + rules.n_frames_in, rows, columns, rules)
    ]
    if not chosen:
        raise LabelError(
            "No sequence can be cut from the fields.",
            field="windows",
            got=f"{series.n_steps} steps of {series.shape[0]} × {series.shape[1]} pixels",
            expected=f"{rules.n_frames_in + 1} steps of {rules.n_pixels}², {rules.min_known:.0%} known",
            fix="take smaller or shorter sequences, or a lower min_known",
        )
    return _drawn(window_rows(series, np.array(chosen), rules), rules, seed)


def first_pixels(series: FieldSeries, n_pixels: int, stride_px: int) -> tuple[IntArray, IntArray]:
    """First rows and first columns of windows that lie in one section of the ground each.

    Parameters
    ----------
    series
        Its shape and sections are what counts.
    n_pixels, stride_px
        Edge of a window, and from one to the next within a section; what is left at a section's end is in no window.

    Returns
    -------
    tuple
        int64 (n_row,) and (n_column,); empty where a window is larger than a section.

    Examples
    --------
    Sections of 4 pixels, of which there are 1 × 2:

    >>> from types import SimpleNamespace
    >>> series = SimpleNamespace(shape=(4, 8), ground=SimpleNamespace(section_px=4))
    >>> [starts.tolist() for starts in first_pixels(series, n_pixels=3, stride_px=1)]
    [[0, 1], [0, 1, 4, 5]]
    """
    return tuple(_starts(size, series.ground.section_px or size, n_pixels, stride_px) for size in series.shape)  # type: ignore[return-value]


def _starts(size: int, section_px: int, n_pixels: int, stride_px: int) -> IntArray:
    within = np.arange(0, section_px - n_pixels + 1, stride_px)
    return (np.arange(0, size, section_px)[:, None] + within).ravel()


def window_of(row: "pd.Series[float]", key: str) -> Window:
    """The window that a row with the columns of `window_table` stands for.

    Examples
    --------
    >>> row = {"left_m": 20.0, "top_m": 30.0, "pixel_m": 10.0, "n_pixels": 2, "year": 2020, "first": 5}
    >>> window_of(pd.Series(row), "a")
    Window(key='a', place=Place(left_m=20.0, top_m=30.0, pixel_m=10.0, n_pixels=2, year=2020), first=5)
    """
    place = Place(
        float(row["left_m"]), float(row["top_m"]), float(row["pixel_m"]), int(row["n_pixels"]), int(row["year"])
    )
    return Window(key, place, int(row["first"]))


def _first_steps(runs: IntArray, rules: WindowRules) -> IntArray:
    """Every so many steps of each run, as long as one step follows the inputs."""
    starts = np.unique(runs, return_index=True)[1]
    ends = np.append(starts[1:], len(runs))
    spans = zip(starts, ends, strict=True)
    return np.concatenate([np.arange(start, end - rules.n_frames_in, rules.every_steps) for start, end in spans])


def _known_places(
    series: FieldSeries, bands: tuple[str, ...], issued: int, rows: IntArray, columns: IntArray, rules: WindowRules
) -> list[tuple[int, int]]:
    """Top-left pixels of ground that is known well enough at the last input step and the one after it."""
    whole = (slice(0, series.shape[0]), slice(0, series.shape[1]))
    image = series.read(bands, int(series.runs[issued]), slice(issued - 1, issued + 1), *whole)
    known: BoolArray = np.logical_and.reduce(image.valid, axis=(0, 1))
    shares = _shares(known, rows, columns, rules.n_pixels)
    return [(int(rows[row]), int(columns[column])) for row, column in np.argwhere(shares >= rules.min_known)]


def _shares(known: BoolArray, rows: IntArray, columns: IntArray, n_pixels: int) -> FloatArray:
    """Known share of every square, from sums over all pixels above and left of a corner."""
    # A sum of any square is then four look-ups, however large it is and however much squares overlap.
    sums = np.pad(known.astype(np.int64), ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    lower, right = rows[:, None] + n_pixels, columns[None, :] + n_pixels
    upper, left = rows[:, None], columns[None, :]
    shares: FloatArray = (sums[lower, right] - sums[upper, right] - sums[lower, left] + sums[upper, left]) / n_pixels**2
    return shares


def window_rows(series: FieldSeries, chosen: IntArray, rules: WindowRules) -> DataFrame:
    """Rows of `window_table` for first steps, rows and columns (n, 3), in their order.

    Nothing is checked of what they show.

    Parameters
    ----------
    chosen
        First input step in the series, and top row and left column of the ground of each.
    """
    first, row, column = chosen.T
    left_m, top_m = series.corner_m
    forecast = series.step.after(series.days[first + rules.n_frames_in - 1], 1)
    table = pd.DataFrame(
        {
            "left_m": left_m + column * series.pixel_m,
            "top_m": top_m - row * series.pixel_m,
            "pixel_m": series.pixel_m,
            "n_pixels": rules.n_pixels,
            "year": forecast.astype("datetime64[Y]").astype(np.int64) + 1970,
            "first": first,
        }
    )
    corners = zip(forecast, table["left_m"], table["top_m"], strict=True)
    table.insert(0, "key", [f"{str(day).replace('-', '')}_{left:+.0f}_{top:+.0f}" for day, left, top in corners])
    return table


def _drawn(table: DataFrame, rules: WindowRules, seed: int) -> DataFrame:
    if rules.n_windows is None:
        return table
    chances = table["key"].map(lambda key: uniform_of(seed, "windows", key))
    return table.loc[chances.nsmallest(rules.n_windows).index.sort_values()].reset_index(drop=True)
