"""How cells of two runs meet: as they are, through the hierarchy of their grid, or where their polygons overlap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .comparison_side import CHANCE, DENSITY, Side
from .errors import RunFolderError
from .language import phrase, tr
from .manifest_file import MANIFEST_NAME

SAME_CELLS, HIERARCHY, OVERLAY = "same cells", "hierarchy", "overlay"
MIN_COVERED_SHARE = 0.5
"""Of a cell's land: the smaller cells of the other run must speak of as much; elsewhere the two are not compared."""

_MEANS: Mapping[str, str] = {
    CHANCE: phrase("Expected share of land in cells with slumps"),
    DENSITY: phrase("Expected slump area per land area"),
}
_CAUTION = phrase("A share of land in cells grows with the size of cells: compare its order, not its height.")


@dataclass(frozen=True)
class Way:
    """`kind` is one of the three; `coarse` says which side's cells the result has ("a" or "b"; of equal cells "a")."""

    kind: str
    coarse: str

    @property
    def brings(self) -> bool:
        """Whether one side is brought to larger cells."""
        return self.kind != SAME_CELLS


def way_of(a: Side, b: Side, mean_area_a_m2: float, mean_area_b_m2: float) -> Way:
    """The way two sides meet: on the cells of the run whose cells are larger.

    Grids that are equal give `SAME_CELLS`, whatever the quantity. Cells of one grid at two levels give `HIERARCHY`; all
    else gives `OVERLAY`, where the side with the larger mean area is the coarse one, and of equal areas the one whose
    grid key comes later in the alphabet.

    Parameters
    ----------
    mean_area_a_m2, mean_area_b_m2
        Of a cell, m².

    Raises
    ------
    RunFolderError
        The grids differ, and the quantity of larger cells does not follow from that of smaller ones.
    """
    if a.grid == b.grid:
        return Way(SAME_CELLS, "a")
    for side in (a, b):
        if mean_title(side) is None:
            raise RunFolderError(
                tr("This quantity cannot be brought to larger cells, and the two runs have cells of other sizes."),
                path=side.folder / MANIFEST_NAME,
                field="quantity",
                got=side.layer.quantity,
                expected=tr(
                    "an expected value, whose mean over land is one again: %1",
                    ", ".join([*_MEANS, *(f"p_{name}" for name in side.manifest.class_names)]),
                ),
                fix=tr("Choose one of these, or two runs of the same grid and level."),
            )
    if a.grid.nests_in(b.grid) or b.grid.nests_in(a.grid):
        return Way(HIERARCHY, "b" if a.grid.nests_in(b.grid) else "a")
    sizes = (mean_area_a_m2, a.manifest.grid_key), (mean_area_b_m2, b.manifest.grid_key)
    return Way(OVERLAY, "a" if sizes[0] > sizes[1] else "b")


def mean_title(side: Side) -> str | None:
    """What the mean of a quantity over the land of several cells is; None where it is nothing that has a meaning.

    Expectation is linear: of densities and of probabilities weighted by land area the mean is an expected value again.
    The probability of any slump in the whole does not follow from those of its parts, as neighbours are alike.

    Titles are there for ``p_any_rts``, ``expected_rts_area_fraction`` and the probability of each class.
    """
    classes = {f"p_{name}": name for name in side.manifest.class_names}
    quantity = side.layer.quantity
    if quantity in classes:
        return tr("Expected share of land in cells of class %1", classes[quantity])
    title = _MEANS.get(quantity)
    return None if title is None else tr(title)


def way_statement(way: Way, a: Side, b: Side) -> str:
    """Sentences on how the cells meet: on which grid, by which way, and which share of land has to be known.

    Where anything but densities is brought to larger cells, a caution stands at the end: shares of land in cells grow
    with the size of cells.
    """
    coarse, fine = (a, b) if way.coarse == "a" else (b, a)
    if way.kind == SAME_CELLS:
        return tr("Cell by cell on %1.", a.manifest.grid_key)
    how = {
        HIERARCHY: tr("through the ids of the cell hierarchy"),
        OVERLAY: tr("by overlay of the polygons, the land of a cell taken as spread evenly over it"),
    }[way.kind]
    share = f"{MIN_COVERED_SHARE:.0%}".replace("%", " %")
    brought = tr(
        "%1 is brought to the cells of %2 %3: means weighted by land area, where at least %4 of a cell's land is "
        "known.",
        fine.manifest.grid_key,
        coarse.manifest.grid_key,
        how,
        share,
    )
    return brought if a.layer.quantity == b.layer.quantity == DENSITY else f"{brought} {tr(_CAUTION)}"
