"""What a run tells of its cells, as its manifest describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entropice.runs import Run

PERCENT = 100.0


@dataclass(frozen=True)
class Quantity:
    """A column of the table of cells, in one year or in all.

    Attributes
    ----------
    name
        Its name without the year.
    title, description
        What to call it, and what it means.
    unit
        As UDUNITS spells it; None for text.
    is_percent, is_number
        Whether shares are told in percent; whether values are numbers.
    scale
        How it is coloured; None where it is told and not drawn.
    labels
        What to call values of text; others are called as they are.
    """

    name: str
    title: str
    description: str
    unit: str | None
    is_percent: bool
    is_number: bool
    scale: Mapping[str, Any] | None
    labels: Mapping[str, str]

    @property
    def factor(self) -> float:
        """What values are multiplied with where they are shown."""
        return PERCENT if self.is_percent else 1.0

    @property
    def shown_unit(self) -> str:
        """The unit of shown values; empty without dimension."""
        return "%" if self.is_percent else "" if self.unit in (None, "1") else str(self.unit)

    @property
    def shown_title(self) -> str:
        """The title with the unit."""
        return f"{self.title} ({self.shown_unit})" if self.shown_unit else self.title


def quantities_of(run: Run, year: int) -> dict[str, Quantity]:
    """By name: what the run tells of its cells in a year, and in all years; in the manifest's order."""
    layers = [layer for layer in run.manifest["layers"] if layer["table"] == "cells" and layer["column"] is not None]
    features = {feature["name"]: feature["long_name"] for feature in run.manifest["features"]}
    return {
        layer["quantity"]: _quantity(layer, features)
        for layer in layers
        if layer["year"] in (year, None) and layer.get("model") is None
    }


def _quantity(layer: Mapping[str, Any], features: Mapping[str, str]) -> Quantity:
    scale = layer["scale"]
    categories = scale["categories"] if scale and scale["kind"] == "categorical" else []
    return Quantity(
        name=layer["quantity"],
        title=layer["title"],
        description=layer["description"],
        unit=layer["unit"],
        is_percent=layer["format"] == "percent",
        is_number=layer["format"] != "text",
        scale=scale,
        labels={**features, **{category["value"]: category["label"] for category in categories}},
    )


def default_quantity(run: Run) -> str:
    """Name of the quantity that the map opens with."""
    return next(str(layer["quantity"]) for layer in run.manifest["layers"] if layer["is_default"])
