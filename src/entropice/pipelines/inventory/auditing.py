"""What a network finds in audited validation images, and what follows from it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from entropice.imagery.found_objects import Marking
from entropice.imagery.held_out import Predict
from entropice.imagery.inventory.audited_objects import AuditedImage, audited_image
from entropice.imagery.loading import SampleView


def audited_images(
    view: SampleView, keys: Sequence[str], predict: Predict, marking: Marking, min_overlap: float
) -> Iterator[AuditedImage]:
    """Found and true objects of audited images, with the edges of labels, which belong to areas.

    `keys` are looked at in their order, each read when its turn comes; `predict` takes standardised inputs (1, band,
    row, column) and gives raw logits (1, row, column). `min_overlap` is the least part of the smaller one that a found
    and a true object share, above 0 to 1, itself included.
    """
    whole = replace(view, ignored_edge_px=0)
    for key in keys:
        inputs, target, scored = whole.seen([key])
        judged = predict(inputs)[0], target[0].astype(bool), scored[0]
        yield audited_image(judged, whole.samples.read(key).place, marking, min_overlap)
