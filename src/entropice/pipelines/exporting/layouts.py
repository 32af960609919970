"""In which layouts a run hands on what its tasks have made, one declaration each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from entropice.pipelines.exporting.nodes import export_cards, export_run
from entropice.pipelines.kinds.declaration import Kind


class ReadsDatasets(Protocol):
    """What a kind says of a layout."""

    @property
    def datasets(self) -> tuple[str, ...]:
        """Names of a task's datasets that are read."""


@dataclass(frozen=True)
class Layout:
    """One layout.

    Attributes
    ----------
    name, title
        In ``composition.yml``, and for people.
    of_kind
        What a kind says of it; None where its tasks are left out.
    step
        Makes the folder of parameters and datasets.
    """

    name: str
    title: str
    of_kind: Callable[[Kind], ReadsDatasets | None]
    step: Callable[..., object]


ICE_PIPELINE: Final = Layout(
    "ice_pipeline", "as the published Arctic ice pipeline", lambda kind: kind.exports, export_run
)

LAYOUTS: Final[tuple[Layout, ...]] = (
    ICE_PIPELINE,
    Layout("model_card", "as a published model card of segmenters", lambda kind: kind.card_exports, export_cards),
)


def layout_named(name: str) -> Layout:
    """The layout of a name, which is declared; StopIteration where it is not, which parameters do not let happen."""
    return next(layout for layout in LAYOUTS if layout.name == name)
