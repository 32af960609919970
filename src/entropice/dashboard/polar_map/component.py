"""The map as a component of Streamlit: arrays go to the browser as bytes, the numbers of selected cells come back.

deck.gl comes with pydeck, whose bundle is served as it was installed.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v1 import declare_component

from entropice.dashboard.polar_map.colours import DIM_ALPHA, Colours
from entropice.dashboard.polar_map.facts import Fact
from entropice.dashboard.polar_map.outlines import Outlines
from entropice.dashboard.polar_map.selection import Selection
from entropice.report.graticule import Frame, graticule
from entropice.report.surroundings import frame_around
from entropice.sha256 import sha256_of_bytes, sha256_of_value

HEIGHT_PX: Final = 620

_DECK_GL: Final = declare_component("deckgl", path=str(files("pydeck").joinpath("nbextension/static")))
_MAP: Final = declare_component("polar_map", path=str(Path(__file__).parent / "static"))


def polar_map(
    outlines: Outlines,
    colours: Colours,
    cell_ids: bytes,
    id_base: int,
    facts: Sequence[Fact],
    legend: dict[str, Any],
    selection: Selection,
) -> None:
    """Draw the cells, sending what the map does not hold yet, and take over which are selected.

    Parameters
    ----------
    colours
        Red, green, blue and opacity (n_cells, 4); a dimmed cell is not selected by a box.
    cell_ids
        int64 (n_cells,), as bytes.
    id_base
        16 or 10: how numbers of cells are spelt.
    facts
        What is told below the pointer.
    legend
        ``title`` and ``entries``.
    """
    key = f"map of {outlines.key}"
    facts_key = sha256_of_value([outlines.key, *(fact.key for fact in facts)])[:16]
    held = (st.session_state.get(key) or {}).get("holds", [])
    selection.before_drawing(held)
    told = _MAP(
        outlines_key=outlines.key,
        has_outlines=outlines.key not in held,
        facts_key=facts_key,
        has_facts=facts_key not in held,
        n_cells=outlines.n_cells,
        bounds=outlines.bounds_m,
        colours=colours.tobytes(),
        colours_key=sha256_of_bytes(colours.tobytes())[:16],
        dim_alpha=DIM_ALPHA,
        id_base=id_base,
        facts=[fact.meaning for fact in facts],
        legend=legend,
        graticule=_graticule(outlines.bounds_m),
        selected=selection.cells if not held else [],
        version=selection.version,
        height_px=HEIGHT_PX,
        key=key,
        **({} if outlines.key in held else _arrays_of_outlines(outlines)),
        **({} if facts_key in held else _arrays_of_facts(facts, cell_ids)),
    )
    selection.after_drawing(told)


def _arrays_of_outlines(outlines: Outlines) -> dict[str, Any]:
    return {"vertices": outlines.vertices, "starts": outlines.starts, "owners": outlines.owners}


def _arrays_of_facts(facts: Sequence[Fact], cell_ids: bytes) -> dict[str, Any]:
    return {"cell_ids": cell_ids} | {f"fact_{number}": fact.values for number, fact in enumerate(facts)}


@cache
def _graticule(bounds_m: Frame) -> dict[str, Any]:
    """``lines`` of points and ``names`` with the point that each is written ``at``."""
    lines = graticule(frame_around(bounds_m))
    return {
        "lines": [part.round(1).tolist() for line in lines for part in line.parts],
        "names": [{"text": line.name, "at": line.name_at} for line in lines if line.name_at is not None],
    }
