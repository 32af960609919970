"""The datasets that every task ends in, whatever it is asked; imports nothing, so that pipelines can ask it."""

from collections.abc import Collection, Mapping
from typing import Final

OF_A_TASK: Final = ("task_scores", "map_layers", "panel", "card_facts")
"""``<task>.<name>`` of each is what a run of the task is made of."""

INVENTORY: Final = "inventory"
LABEL_AUDIT: Final = "label_audit"
OUTLOOK: Final = "outlook"
OF_PIPELINES: Final[Mapping[str, tuple[str, ...]]] = {
    INVENTORY: ("inventory", "growth", "region_areas", "inventory_scores"),
    LABEL_AUDIT: ("audited_scores",),
    OUTLOOK: ("outlook", "outlook_layers", "index_scores", "map_outlook_scores"),
}
"""The same of what a pipeline adds, where the composition has it."""


def datasets_of_a_task(pipelines: Collection[str]) -> tuple[str, ...]:
    """What each task ends in where the composition has these pipelines.

    Examples
    --------
    >>> datasets_of_a_task(["label_audit", "scenes"])
    ('task_scores', 'map_layers', 'panel', 'card_facts', 'audited_scores')
    """
    added = [name for pipeline, names in OF_PIPELINES.items() if pipeline in pipelines for name in names]
    return (*OF_A_TASK, *added)
