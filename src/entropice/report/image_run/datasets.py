"""The datasets that every task ends in, whatever it is asked; imports nothing, so that pipelines can ask it."""

from typing import Final

OF_A_TASK: Final = ("task_scores", "map_layers", "panel", "card_facts")
"""``<task>.<name>`` of each is what a run of the task is made of."""

OF_AN_INVENTORY: Final = ("inventory", "growth", "region_areas", "inventory_scores")
"""The same of what the pipeline ``inventory`` adds, where the composition has it."""
