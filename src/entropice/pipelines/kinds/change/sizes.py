"""How many pairs a network sees, at most: all of training in every epoch."""

import math

from entropice.pipelines.kinds.change.parameters import ChangeParameters
from entropice.pipelines.samples.sizes import every_epoch
from entropice.pipelines.samples.sizes import learned as learned_by_splits
from entropice.pipelines.step_cost import Images, Learned


def learned(section: ChangeParameters, images: Images) -> Learned:
    """Pairs of images, of shape (2, band, row, column), each of which is seen in every epoch.

    What comes back is that shape, and numbers of pairs: in training and in validation, all epochs together, held out,
    and learned from. An image has half of a pair's pixels; the shape is None where only the files say how many these
    are.
    """
    edge_px = None if math.isnan(images.n_pixels) else math.isqrt(round(images.n_pixels / 2))
    shape = None if edge_px is None else (2, len(section.bands), edge_px, edge_px)
    return learned_by_splits(section, images, every_epoch(section, images), shape)
