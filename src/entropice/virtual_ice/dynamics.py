"""The law of one day: ice is carried, piles up, opens, freezes and melts."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from entropice.types import BoolArray, FloatArray, IntArray
from entropice.virtual_ice.specification import Heat

_LEAST_VOLUME_M = 1e-4
"""Less ice than this is none."""


@dataclass(frozen=True, eq=False)
class IceState:
    """Ice of a moment, 0 on land; shapes (row, column).

    Attributes
    ----------
    concentration
        Share of a pixel that ice covers.
    volume_m
        Ice a pixel's area: concentration times mean thickness.
    """

    concentration: FloatArray
    volume_m: FloatArray

    @property
    def thickness_m(self) -> FloatArray:
        """Mean thickness (m) of the ice, volume over concentration, (row, column); 0 where there is none."""
        return np.divide(
            self.volume_m, self.concentration, out=np.zeros_like(self.volume_m), where=self.concentration > 0
        )


def carried(state: IceState, drift_px: FloatArray, sea: BoolArray) -> IceState:
    """The ice after a drift, shape (2, row, column): columns towards larger x, and rows towards larger y.

    `drift_px` is in pixels, and the given state stays as it is.

    Notes
    -----
    Forward semi-Lagrangian: what a pixel holds moves as a whole and is shared bilinearly among the four pixels that it
    reaches by the midpoint rule, of which land gets nothing; where all four are land it stays. Drift of any length is
    stable, and the sums of volume and, before ridging, of covered area are kept to rounding. Where ice would cover
    more than a pixel, it ridges: its area is cut to that of the pixel and its volume is kept.

    Examples
    --------
    >>> ice, drift_px = np.array([[0.0, 0.8, 0.0], [0.0, 0.0, 0.0]]), np.zeros((2, 2, 3))
    >>> drift_px[0] = 0.5
    >>> after = carried(IceState(ice, 2 * ice), drift_px, np.ones((2, 3), dtype=bool))
    >>> after.concentration.tolist(), float(after.volume_m.sum())
    ([[0.0, 0.4, 0.4], [0.0, 0.0, 0.0]], 1.6)
    """
    target, weight = _shares(drift_px, sea)

    def moved(values: FloatArray) -> FloatArray:
        arrived = np.bincount(target, (weight * values.ravel()).ravel(), values.size).astype(np.float64, copy=False)
        return arrived.reshape(values.shape)

    return IceState(np.minimum(moved(state.concentration), 1), moved(state.volume_m))


def mixed(state: IceState, share: float, sea: BoolArray) -> IceState:
    """The ice after neighbours at sea have exchanged a share of their difference, at most 1/4; sums are kept.

    Neighbours are the four that share an edge; nothing passes between sea and land, nor over the grid's edge.
    Concentration and volume become x + share · Σ (neighbour − x), all by the values before.

    Examples
    --------
    >>> ice = np.array([[0.0, 1.0, 0.0]])
    >>> mixed(IceState(ice, ice), 0.25, np.array([[True, True, False]])).concentration.tolist()
    [[0.25, 0.75, 0.0]]
    """
    return IceState(_exchanged(state.concentration, share, sea), _exchanged(state.volume_m, share, sea))


def opened(state: IceState, share: FloatArray) -> IceState:
    """The ice after leads have pushed a share of its area aside; its volume is kept.

    `share` is (row, column) within 0–1, so that the ice grows thicker by 1 / (1 − share).

    Examples
    --------
    >>> after = opened(IceState(np.array([[0.8]]), np.array([[0.8]])), np.array([[0.5]]))
    >>> after.concentration.tolist(), after.thickness_m.tolist()
    ([[0.4]], [[2.0]])
    """
    return replace(state, concentration=state.concentration * (1 - share))


def frozen_and_melted(state: IceState, cold: FloatArray, sea: BoolArray, heat: Heat) -> IceState:
    """The ice after a day of weather.

    Parameters
    ----------
    cold
        1 in midwinter, −1 in midsummer, 0 between, broadcast to (row, column).
    sea
        Where new ice may form, bool (row, column).

    Notes
    -----
    Open water freezes at a rate that goes with the cold; ice of thickness h grows by `growth` / (h + insulation), as
    Stefan's law has it. Melt thins ice, the faster the deeper its keels reach; with thicknesses spread evenly from 0 to
    2 h, as in Hibler 1979 (doi:10.1175/1520-0485(1979)009<0815:ADTSIM>2.0.CO;2), a loss of volume dV takes c dV / 2 V
    of the area.

    With f = max(cold, 0), m = max(−cold, 0): new ice covers n = `cover_per_day` f (1 − c), `new_ice_m` thick; dV = c
    `melt_m_per_day` m (1 + h / `ridged_m`), at most V; V' = V − dV + c `growth_m2_per_day` f / (h + `insulation_m`) + n
    `new_ice_m`, and c' = c (1 − dV / 2 V) + n. Less than 0.1 mm of ice is none.

    Examples
    --------
    >>> water_and_ice = IceState(np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]]))
    >>> sea, heat = np.ones((1, 2), dtype=bool), Heat()
    >>> winter, summer = (frozen_and_melted(water_and_ice, np.full((1, 2), cold), sea, heat) for cold in (1.0, -1.0))
    >>> winter.concentration.tolist(), winter.volume_m.round(4).tolist()
    ([[0.25, 1.0]], [[0.025, 1.0115]])
    >>> summer.concentration.tolist(), summer.volume_m.tolist()
    ([[0.0, 0.97]], [[0.0, 0.94]])
    """
    freezing, melting = np.maximum(cold, 0), np.maximum(-cold, 0)
    new = heat.cover_per_day * freezing * (1 - state.concentration) * sea
    grown_m = heat.growth_m2_per_day * freezing / (state.thickness_m + heat.insulation_m)
    thinned_m = heat.melt_m_per_day * melting * (1 + state.thickness_m / heat.ridged_m)
    lost_m = np.minimum(state.concentration * thinned_m, state.volume_m)
    lost_share = np.divide(lost_m, 2 * state.volume_m, out=np.zeros_like(lost_m), where=state.volume_m > 0)
    volume_m = state.volume_m - lost_m + state.concentration * grown_m + new * heat.new_ice_m
    is_ice = volume_m > _LEAST_VOLUME_M
    return IceState(np.where(is_ice, state.concentration * (1 - lost_share) + new, 0), np.where(is_ice, volume_m, 0))


def _exchanged(values: FloatArray, share: float, sea: BoolArray) -> FloatArray:
    after = values.copy()
    for now, old, is_sea in ((after, values, sea), (after.T, values.T, sea.T)):
        # Both axes from the old values: the order of axes changes nothing, and what one side gives the other gets.
        flow = share * np.diff(old, axis=0) * (is_sea[1:] & is_sea[:-1])
        now[:-1] += flow
        now[1:] -= flow
    return after


def _shares(drift_px: FloatArray, sea: BoolArray) -> tuple[IntArray, FloatArray]:
    """Flat pixels that each pixel's ice reaches, and shares of it, shapes (5 · pixel) and (5, pixel).

    The fifth is the pixel itself, for what reaches no sea.
    """
    n_rows, n_columns = sea.shape
    row, column = _reached(drift_px)
    # In the last row and column too there are four pixels; the nearer of them then gets all.
    top, left = np.minimum(row.astype(np.int64), n_rows - 2), np.minimum(column.astype(np.int64), n_columns - 2)
    down, right = row - top, column - left
    first = top * n_columns + left
    target = np.stack([first, first + 1, first + n_columns, first + n_columns + 1, np.arange(sea.size)])
    weight = np.stack([(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right])
    weight *= sea.ravel()[target[:4]]
    total = weight.sum(axis=0)
    at_sea = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return target.ravel(), np.concatenate([at_sea, (total == 0)[None]])


def _reached(drift_px: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fractional rows and columns where each pixel's ice ends, shape (pixel,), by the drift half way there."""
    _, n_rows, n_columns = drift_px.shape
    rows, columns = np.mgrid[:n_rows, :n_columns].astype(np.float64)
    # Rows go down, y goes up.
    half_way = [rows - drift_px[1] / 2, columns + drift_px[0] / 2]
    along_x, along_y = (ndimage.map_coordinates(along, half_way, order=1, mode="nearest") for along in drift_px)
    row, column = np.clip(rows - along_y, 0, n_rows - 1), np.clip(columns + along_x, 0, n_columns - 1)
    return row.ravel(), column.ravel()
