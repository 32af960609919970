"""The map as a component of Streamlit: arrays go to the browser as bytes, the numbers of selected cells come back.

deck.gl comes with pydeck, whose bundle is served as it was installed.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from streamlit.components.v1 import declare_component

from entropice.dashboard.polar_map.colours import DIM_ALPHA, Colours
from entropice.dashboard.polar_map.facts import Fact
from entropice.dashboard.polar_map.graticule import graticule
from entropice.dashboard.polar_map.outlines import Outlines
from entropice.sha256 import sha256_of_bytes

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
    selected: Sequence[int],
    version: int,
) -> list[int] | None:
    """Draw the cells; the numbers of those that were selected on the map, None where none has been.

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
    selected, version
        Numbers of the cells to select; taken over where the version is another than the last one.
    """
    values: dict[str, Any] = {f"fact_{number}": fact.values for number, fact in enumerate(facts)}
    chosen = _MAP(
        outlines_key=outlines.key,
        n_cells=outlines.n_cells,
        bounds=outlines.bounds_m,
        vertices=outlines.vertices,
        starts=outlines.starts,
        owners=outlines.owners,
        colours=colours.tobytes(),
        colours_key=sha256_of_bytes(colours.tobytes())[:16],
        dim_alpha=DIM_ALPHA,
        cell_ids=cell_ids,
        id_base=id_base,
        facts=[fact.meaning for fact in facts],
        legend=legend,
        graticule=_graticule(),
        selected=list(selected),
        version=version,
        height_px=HEIGHT_PX,
        key=f"map of {outlines.key}",
        **values,
    )
    return chosen["selected"] if chosen else None


_graticule = cache(graticule)
