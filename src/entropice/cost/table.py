"""What a source will cost, as a line for people."""

from collections.abc import Sequence
from dataclasses import dataclass

from entropice.tiles.progress import duration

_UNKNOWN = "not measured"
HEADER = ("source", "tiles", "values", "bytes", "memory", "time", "known from")


@dataclass(frozen=True)
class SourceCost:
    """The work on one source.

    Attributes
    ----------
    source
        Name of the feature group, or of a task of imagery and its step.
    n_tiles, n_values
        Tiles, and pixels × bands × years in them; None where only the run will know.
    n_bytes, is_here
        Bytes of the source, and whether they are on this disk.
    memory_bytes
        Of all tiles that are under way together, at their peak; None where it was not measured. Beside it each process
        takes some 0.4 GiB.
    seconds
        Time of all workers together; None where it was not measured.
    basis
        Where the numbers come from.
    """

    source: str
    n_tiles: int | None
    n_values: int | None
    n_bytes: int
    is_here: bool
    memory_bytes: int | None
    seconds: float | None
    basis: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of its row, as in `HEADER`."""
        where = "here" if self.is_here else "to come"
        return (
            self.source,
            _UNKNOWN if self.n_tiles is None else f"{self.n_tiles:,}",
            _UNKNOWN if self.n_values is None else amount(self.n_values),
            f"{amount(self.n_bytes)}B {where}",
            _UNKNOWN if self.memory_bytes is None else f"{amount(self.memory_bytes)}B",
            _UNKNOWN if self.seconds is None else duration(self.seconds),
            self.basis,
        )


def table(costs: Sequence[SourceCost]) -> str:
    """A row for each source below a header, in columns."""
    rows = [HEADER, *(cost.cells for cost in costs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def amount(number: float) -> str:
    """Three digits and a decimal prefix: ``17.1 G``."""
    for prefix, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.3g} {prefix}"
    return f"{number:.3g} "
