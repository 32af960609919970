"""A picture of a training log."""

import io
import math
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.figure import Figure

LOSS: Final = "loss"
_PANEL_INCHES: Final = (5.0, 3.5)

Row = Mapping[str, float]
"""Measures of an epoch by name, ``epoch`` among them; NaN where one is not defined."""


def training_curves(rows: Sequence[Row], title: str) -> bytes:
    """PNG of all measures over epochs: those whose name ends in ``loss`` in one panel, all others in a second.

    Epochs in which a measure was not taken are passed over, and what is not defined is a gap. Equal logs give equal
    bytes.
    """
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name != "epoch"]
    panels = [part for part in _by_panel(names) if part]
    width, height = _PANEL_INCHES
    figure = Figure(figsize=(width * max(len(panels), 1), height), layout="constrained")
    figure.suptitle(title)
    for number, part in enumerate(panels, 1):
        axes = figure.add_subplot(1, len(panels), number)
        for name in part:
            axes.plot(*_curve(rows, name), marker=".", label=name)
        axes.set_xlabel("epoch")
        axes.legend(fontsize="small")
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=100, metadata={"Software": None})
    return content.getvalue()


def _by_panel(names: Sequence[str]) -> tuple[list[str], list[str]]:
    losses = [name for name in names if name.endswith(LOSS)]
    return losses, [name for name in names if name not in losses]


def _curve(rows: Sequence[Row], name: str) -> tuple[list[float], list[float]]:
    points = [(row["epoch"], row[name]) for row in rows if name in row]
    return [epoch for epoch, _ in points], [value if math.isfinite(value) else math.nan for _, value in points]
