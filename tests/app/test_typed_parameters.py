"""A section and its parts become models, whichever step comes first."""

import pytest
from kedro.pipeline import Node, Pipeline

from entropice.app.typed_parameters import typed_parameters
from entropice.base_model import StrictModel


class Part(StrictModel):
    """A part."""

    n: int


class Whole(StrictModel):
    """A section with a part."""

    part: Part
    name: str


def use_whole(whole: Whole) -> str:
    return whole.name


def use_part(part: Part) -> int:
    return part.n


STEPS = (
    Node(use_whole, "params:task.whole", "a", name="whole"),
    Node(use_part, "params:task.whole.part", "b", name="part"),
)
RAW = {"task": {"whole": {"part": {"n": 3}, "name": "x"}}}


@pytest.mark.parametrize("order", [STEPS, STEPS[::-1]], ids=["section first", "part first"])
def test_sections_and_parts_are_models_in_any_order_of_steps(order) -> None:
    pipelines = {str(number): Pipeline([step]) for number, step in enumerate(order)}
    typed = typed_parameters(pipelines, RAW)
    assert typed["task"]["whole"] == Whole(part=Part(n=3), name="x")


def test_a_part_alone_is_a_model_in_a_section_of_plain_values() -> None:
    typed = typed_parameters({"part": Pipeline([STEPS[1]])}, RAW)
    assert typed == {"task": {"whole": {"part": Part(n=3), "name": "x"}}}
