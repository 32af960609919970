"""One slump in relief and light: headwall, hollow, bare mud with flow lines, and a tongue below."""

from typing import Final

import numpy as np

from entropice.types import Float32Array, IntArray
from entropice.virtual_scenes.covers import covered
from entropice.virtual_scenes.noise import smooth_step, streaks
from entropice.virtual_scenes.pixel_grid import PixelGrid
from entropice.virtual_scenes.slumps_of_year import Slump
from entropice.virtual_scenes.specification import SlumpLook

_EDGE_M: Final = 3.0
_STREAK_M: Final = 7.0
_STREAK_STRETCH: Final = 5.0
_TUFT_M: Final = 9.0
_TONGUE_HEIGHT_M: Final = 0.7


def draw_slump(
    slump: Slump,
    reach_m: float,
    grid: PixelGrid,
    look: SlumpLook,
    elevation_m: Float32Array,
    reflectance: Float32Array,
    slump_ids: IntArray,
) -> None:
    """Change height and ids (row, column) and reflectances (5, row, column) where it lies, in place.

    The outline, and so the ids, hold the scar without the tongue, which is the slump's debris on ground that has not
    thawed.

    Parameters
    ----------
    reach_m
        No trace of it lies farther from its middle, see `SlumpsOfYear.drawn_reach_m`.
    elevation_m, reflectance, slump_ids
        Of the grid; m, in the order of `OPTICAL`, and int64, 0 where there is none. Ids are written where a pixel's
        centre lies inside the outline of an active slump; of two that overlap the later one is kept.

    Notes
    -----
    The hollow is `depth_m` · area^`depth_exponent` deep at most (area in m²; 0.6 of that in an old scar), sudden at the
    headwall, and gone at the toe; the tongue is up to 0.7 m high.
    """
    window = grid.around(slump.star.x_m, slump.star.y_m, reach_m)
    part = grid.part(*window)
    down_m, across_m = slump.star.axes(part)
    inside = slump.star.depth(down_m, across_m)
    inside_m = inside * np.float32(min(slump.star.along_m, slump.star.across_m))
    down = down_m / np.float32(slump.star.along_m)
    flow = streaks(down_m / np.float32(_STREAK_M * _STREAK_STRETCH), across_m / np.float32(_STREAK_M), slump.key)
    tufts = streaks(down_m / np.float32(_TUFT_M), across_m / np.float32(_TUFT_M), slump.key ^ np.uint64(2**40))
    tongue = _tongue(slump, look, down, across_m, flow)
    elevation_m[window] -= _hollow_m(slump, look, inside_m, down) - np.float32(_TONGUE_HEIGHT_M) * tongue
    bare = smooth_step(inside_m + np.float32(0.6) * _EDGE_M * tufts, -_EDGE_M / 2, _EDGE_M / 2)
    _lay_mud(slump, bare, tongue, down, flow, tufts, reflectance[:, *window])
    if slump.is_active:
        # By the smooth outline, not by what is bare: labels follow the law, looks are ragged.
        slump_ids[window][inside > 0] = slump.slump_id


def _hollow_m(slump: Slump, look: SlumpLook, inside_m: Float32Array, down: Float32Array) -> Float32Array:
    """Depth below the old surface: sudden at the headwall, gone at the toe."""
    deepest_m = look.depth_m * slump.area_m2**look.depth_exponent
    wall_m = max(4.0, 0.6 * deepest_m)
    profile = smooth_step(down, 1.0, -0.7)
    return np.float32(deepest_m if slump.is_active else 0.6 * deepest_m) * profile * smooth_step(inside_m, 0.0, wall_m)


def _tongue(
    slump: Slump, look: SlumpLook, down: Float32Array, across_m: Float32Array, flow: Float32Array
) -> Float32Array:
    """Share of debris, from the lower half of the scar to beyond its toe."""
    end = 1 + 2 * look.tongue_share
    across = np.abs(across_m) / np.float32(slump.star.across_m)
    width = np.float32(0.55) - np.float32(0.37 / end) * np.clip(down, 0, np.float32(end))
    sides = smooth_step(across + np.float32(0.12) * flow, 1.0, 0.7) * smooth_step(across - width, 0.08, -0.08)
    return sides * smooth_step(down, 0.2, 0.7) * smooth_step(down + np.float32(0.15) * flow, end, end - 0.25)


def _lay_mud(
    slump: Slump,
    bare: Float32Array,
    tongue: Float32Array,
    down: Float32Array,
    flow: Float32Array,
    tufts: Float32Array,
    reflectance: Float32Array,
) -> None:
    """Mud between rafts of tundra, drier towards the toe, where plants come back; old scars are green."""
    contrast = np.float32(slump.contrast)
    if not slump.is_active:
        covered(reflectance, np.float32(0.55) * bare, "shrub")
    rafts = smooth_step(tufts + np.float32(0.5) * down - np.float32(1.3) * (contrast - np.float32(0.5)), 0.45, 0.9)
    lines = np.float32(0.86) + np.float32(0.14) * flow
    covered(reflectance, np.float32(0.75) * contrast * tongue * lines, "mud")
    share = contrast * bare * (1 - np.float32(0.8) * rafts) * lines
    covered(reflectance, share, "mud")
    covered(reflectance, np.float32(0.75 * (1 - slump.wetness)) * share, "bare soil")
    reflectance *= 1 + np.float32(0.10) * flow * np.maximum(bare, tongue) * contrast
