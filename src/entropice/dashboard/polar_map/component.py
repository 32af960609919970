"""The map as a component of Streamlit: arrays go to the browser as bytes, the numbers of selected cells come back.

deck.gl comes with pydeck, whose bundle is served as it was installed.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v1 import declare_component

from entropice.dashboard.polar_map.arrays import KeyedArray, keyed
from entropice.dashboard.polar_map.colours import Coloured
from entropice.dashboard.polar_map.facts import Fact
from entropice.dashboard.polar_map.outlines import Outlines
from entropice.dashboard.polar_map.selection import Selection
from entropice.report.graticule import Frame, graticule
from entropice.report.surroundings import frame_around
from entropice.types import BoolArray

HEIGHT_PX: Final = 620

_DECK_GL: Final = declare_component("deckgl", path=str(files("pydeck").joinpath("nbextension/static")))
_MAP: Final = declare_component("polar_map", path=str(Path(__file__).parent / "static"))


def polar_map(
    outlines: Outlines,
    cell_ids: KeyedArray,
    id_base: int,
    coloured: Coloured,
    is_lit: BoolArray,
    facts: Sequence[Fact],
    legend: dict[str, Any],
    selection: Selection,
) -> None:
    """Draw the cells, sending what the map does not hold yet, and take over which are selected.

    The first fact is told first. What is selected is taken from `selection` when the map is made anew, and put there
    afterwards; `outlines`, `coloured`, `facts` and `cell_ids` are of the same n_cells, in one order.

    Parameters
    ----------
    cell_ids
        int64 (n_cells,).
    id_base
        16 or 10: how numbers of cells are spelt.
    is_lit
        (n_cells,); the others are dimmed, and not selected by a box.
    facts
        What is told below the pointer.
    legend
        ``title`` and ``entries``.
    """
    key = f"map of {outlines.vertices.key}"
    held = (st.session_state.get(key) or {}).get("holds", [])
    arrays = {
        "vertices": outlines.vertices,
        "starts": outlines.starts,
        "owners": outlines.owners,
        "cell_ids": cell_ids,
        "places": coloured.places,
        "lit": keyed(is_lit),
        **{f"fact {number}": fact.values for number, fact in enumerate(facts)},
    }
    selection.before_drawing(held)
    told = _MAP(
        n_cells=outlines.n_cells,
        bounds=outlines.bounds_m,
        palette=coloured.palette,
        id_base=id_base,
        facts=[fact.meaning for fact in facts],
        legend=legend,
        graticule=_graticule(outlines.bounds_m),
        # Only a new map is told: one that is there knows better, and would be set back by a late answer.
        selected=selection.cells if not held else [],
        version=selection.version,
        height_px=HEIGHT_PX,
        key=key,
        keys={name: array.key for name, array in arrays.items()},
        **_contents(arrays, held),
    )
    selection.after_drawing(told)


def _contents(arrays: Mapping[str, KeyedArray], held: Sequence[str]) -> dict[str, Any]:
    """The bytes of arrays that the map does not hold, by key."""
    return {array.key: array.content for array in arrays.values() if array.key not in held}


@cache
def _graticule(bounds_m: Frame) -> dict[str, Any]:
    """``lines`` of points and ``names`` with the point that each is written ``at``."""
    lines = graticule(frame_around(bounds_m))
    return {
        "lines": [part.round(1).tolist() for line in lines for part in line.parts],
        "names": [{"text": line.name, "at": line.name_at} for line in lines if line.name_at is not None],
    }
