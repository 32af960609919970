"""Edges in degrees that are longer than half a turn: which way round the globe they go.

Edges are straight in degrees, so one from −10° to 170° goes east through 80°, and one from −180° to 180° goes along the
whole parallel. In between, an edge either goes the long way or crosses ±180° with a jump from one sign to the other,
which coordinates alone do not say. It crosses where the long way makes no sense: in a ring that is smaller than an
image, and in one whose short steps all go one way and once round the pole. Anywhere else it is refused.
"""

from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.types import BoolArray, FloatArray, IntArray

FULL_TURN_DEG: Final = 360.0
SMALL_RING_DEG: Final = (1.0, 0.25)
"""Longitude and latitude that a ring across ±180° may span at most: a scene of 25 km at 75° N. Read the long way, it
would be a strip round the whole globe."""

LONGEST_STEP_ROUND_THE_POLE_DEG: Final = 90.0


def unroll(lon_lat: FloatArray, ring: IntArray, name: str) -> FloatArray:
    """Count longitudes on beyond ±180° in rings that cross it with a jump.

    A jump is an edge of more than 180° and less than 360°. A ring with jumps is counted on where, once that is done, it
    spans at most 1° of longitude and 0.25° of latitude; or where all of its edges, jumps taken the short way, go in one
    direction, none of 0 and none of more than 90°, as round the pole. In any other ring jumps could go either way.

    Parameters
    ----------
    lon_lat
        Vertices in degrees, shape (n, 2).
    ring
        Ascending number of the ring that each vertex is of, shape (n,).
    name
        What the rings are, for messages.

    Returns
    -------
    FloatArray
        Degrees, shape (n, 2); the first vertex of a ring stays. Where no edge is longer than half a turn, `lon_lat`
        itself.

    Raises
    ------
    SchemaError
        Edges of more than 180° of longitude that could go either way.

    Examples
    --------
    >>> ring = np.array([[179.5, 70.0], [-179.5, 70.0], [-179.5, 70.25], [179.5, 70.0]])
    >>> unroll(ring, np.zeros(4, dtype=np.int64), "slumps")[:, 0].tolist()
    [179.5, 180.5, 180.5, 179.5]
    """
    step_deg = np.diff(lon_lat[:, 0], append=0.0)
    step_deg[np.diff(ring, append=-1) != 0] = 0.0
    jump = np.sign(step_deg) * is_longer_than_half_a_turn(step_deg)
    if not jump.any():
        return lon_lat
    start = np.flatnonzero(np.diff(ring, prepend=-1))
    ring_of = np.cumsum(np.diff(ring, prepend=-1) != 0) - 1
    turns = np.concatenate([[0.0], np.cumsum(jump)[:-1]])
    turns -= turns[start][ring_of]
    unrolled = np.column_stack([lon_lat[:, 0] - FULL_TURN_DEG * turns, lon_lat[:, 1]])
    has_jump = np.add.reduceat(np.abs(jump), start) > 0
    is_clear = _are_small(unrolled, start) | _go_round_the_pole(step_deg - FULL_TURN_DEG * jump, start)
    if (has_jump & ~is_clear).any():
        raise ambiguous_edges(step_deg[(has_jump & ~is_clear)[ring_of] & (jump != 0)], name)
    return unrolled


def is_longer_than_half_a_turn(step_deg: FloatArray) -> BoolArray:
    """Whether edges could go either way; those of a full turn cannot.

    Of steps of longitude in degrees, any shape, the same shape; half a turn itself is not longer.

    Examples
    --------
    >>> is_longer_than_half_a_turn(np.array([180.0, 190.0, -200.0, 360.0])).tolist()
    [False, True, True, False]
    """
    length_deg = np.abs(step_deg)
    return (length_deg > FULL_TURN_DEG / 2) & (length_deg < FULL_TURN_DEG)


def ambiguous_edges(step_deg: FloatArray, name: str) -> SchemaError:
    """The refusal of edges of such lengths, to be raised.

    `step_deg` is of the edges refused alone, shape (n,), at least one; `name` says what their rings are.
    """
    return SchemaError(
        f"{name}: edges of more than 180° of longitude could go either way round the globe.",
        field="geometry",
        got=f"{len(step_deg)} such edges, of up to {np.abs(step_deg).max():g}°",
        expected="edges of at most 180°, or of the full 360°",
        fix="to cross ±180°, count on (170 to 190) or cut there (`ogr2ogr -wrapdateline`); to go the long way, add "
        "vertices between; or give the file in EPSG:3413",
    )


def _are_small(unrolled: FloatArray, start: IntArray) -> BoolArray:
    span_deg = np.maximum.reduceat(unrolled, start) - np.minimum.reduceat(unrolled, start)
    return np.asarray((span_deg <= SMALL_RING_DEG).all(axis=1), dtype=bool)


def _go_round_the_pole(short_step_deg: FloatArray, start: IntArray) -> BoolArray:
    """The last step of a ring, from its end to its beginning, is 0 and does not count."""
    eastward, westward = (np.add.reduceat(short_step_deg * sign > 0, start) for sign in (1, -1))
    n_steps = np.diff([*start, len(short_step_deg)]) - 1
    longest_deg = np.maximum.reduceat(np.abs(short_step_deg), start)
    goes_one_way = np.maximum(eastward, westward) == n_steps
    return np.asarray(goes_one_way & (longest_deg <= LONGEST_STEP_ROUND_THE_POLE_DEG), dtype=bool)
