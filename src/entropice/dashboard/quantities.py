"""What a run tells of its cells, as its layers describe it."""

from collections.abc import Mapping
from dataclasses import dataclass

from entropice.report.layers import CELLS, Layer
from entropice.report.run_tables import RunFacts
from entropice.report.scales import Categorical, Graduated, Single

PERCENT = 100.0

ScaleOfValues = Graduated | Categorical


@dataclass(frozen=True)
class Quantity:
    """A column of the table of cells, in one year or in all, as pages show it.

    Attributes
    ----------
    layer
        As the run describes it.
    labels
        What to call values of text; others are called as they are.
    """

    layer: Layer
    labels: Mapping[str, str]

    @property
    def name(self) -> str:
        """Its name without the year, such as ``p_any_rts``."""
        return self.layer.quantity

    @property
    def title(self) -> str:
        """What to call it, as the run's layer does; without a unit."""
        return self.layer.title

    @property
    def description(self) -> str:
        """What it means, in the words of the run."""
        return self.layer.description

    @property
    def scale(self) -> ScaleOfValues | None:
        """How it is coloured; None where it is told and not drawn."""
        return None if isinstance(self.layer.scale, Single) else self.layer.scale

    @property
    def is_number(self) -> bool:
        """Whether values are numbers, not texts."""
        return self.layer.format != "text"

    @property
    def is_percent(self) -> bool:
        """Whether values are shares (0 to 1) that are told in percent."""
        return self.layer.format == "percent"

    @property
    def factor(self) -> float:
        """What values are multiplied with where they are shown: 100 for shares, else 1."""
        return PERCENT if self.is_percent else 1.0

    @property
    def shown_unit(self) -> str:
        """The unit of shown values: ``%`` for shares, else that of the layer; empty without dimension and for text."""
        return "%" if self.is_percent else "" if self.layer.unit in (None, "1") else str(self.layer.unit)

    @property
    def shown_title(self) -> str:
        """The title, with the unit in brackets where there is one."""
        return f"{self.title} ({self.shown_unit})" if self.shown_unit else self.title


def quantities_of(facts: RunFacts, year: int, feature_titles: Mapping[str, str]) -> dict[str, Quantity]:
    """By name: what a run tells of its cells in a year, and in all years; in the order of its layers.

    Only layers of the map's own model and of a column of the cells count. Values of text are called as the layer's
    categories say, else as `feature_titles` (long name by name).
    """
    layers = [layer for layer in facts.layers if layer.table == CELLS and layer.column is not None]
    return {
        layer.quantity: Quantity(layer, {**feature_titles, **_labels(layer)})
        for layer in layers
        if layer.year in (year, None) and layer.model is None
    }


def _labels(layer: Layer) -> dict[str, str]:
    categories = layer.scale.categories if isinstance(layer.scale, Categorical) else ()
    return {category.value: category.label for category in categories}


def default_quantity(facts: RunFacts) -> str:
    """Name of the quantity that the map opens with.

    Raises
    ------
    StopIteration
        No layer is the default, which the schema does not allow.
    """
    return next(layer.quantity for layer in facts.layers if layer.is_default)
