"""A picture of a training log."""

import io
import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

LOSS: Final = "loss"
_NUMBER: Final = re.compile(r"_\d+$")
_PANEL_INCHES: Final = (5.0, 3.5)

Row = Mapping[str, float]
"""Measures of an epoch by name, ``epoch`` among them; NaN where one is not defined."""


def training_curves(rows: Sequence[Row], title: str) -> bytes:
    """PNG of all measures over epochs: those whose name ends in ``loss`` in one panel, all others in a second.

    Measures that differ by a number at the end, such as one for each step ahead, have a panel of their own. Epochs in
    which a measure was not taken are passed over, and what is not defined is a gap. Equal logs give equal bytes. A log
    without rows is a picture with its title alone. Panels stand side by side, 5 by 3.5 inches each at 100 dots per
    inch: losses, all others, then one for each such family of numbers. Each row has ``epoch``, else KeyError.
    """
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name != "epoch"]
    panels = _by_panel(names)
    width, height = _PANEL_INCHES
    figure = Figure(figsize=(width * max(len(panels), 1), height), layout="constrained")
    figure.suptitle(title)
    for number, part in enumerate(panels, 1):
        axes = figure.add_subplot(1, len(panels), number)
        for name in part:
            axes.plot(*_curve(rows, name), marker=".", label=name)
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(fontsize="small")
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=100, metadata={"Software": None})
    return content.getvalue()


def _by_panel(names: Sequence[str]) -> list[list[str]]:
    losses = [name for name in names if name.endswith(LOSS)]
    # Ten horizons in one panel with all else would hide everything but their spread.
    numbered: dict[str, list[str]] = {}
    for name in names:
        numbered.setdefault(_NUMBER.sub("", name), []).append(name)
    families = [family for family in numbered.values() if len(family) > 1]
    apart = {*losses, *(name for family in families for name in family)}
    return [part for part in (losses, [name for name in names if name not in apart], *families) if part]


def _curve(rows: Sequence[Row], name: str) -> tuple[list[float], list[float]]:
    points = [(row["epoch"], row[name]) for row in rows if name in row]
    return [epoch for epoch, _ in points], [value if math.isfinite(value) else math.nan for _, value in points]
