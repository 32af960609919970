"""How many images a network sees, at most: all of training in every epoch."""

import math

from entropice.pipelines.kinds.image_class.parameters import ImageClassParameters
from entropice.pipelines.samples.sizes import every_epoch
from entropice.pipelines.samples.sizes import learned as learned_by_splits
from entropice.pipelines.step_cost import Images, Learned


def learned(section: ImageClassParameters, images: Images) -> Learned:
    """Single images, of shape (band, row, column), each of which is seen in every epoch.

    What comes back is that shape, and numbers of images: in training and in validation, all epochs together, held out,
    and learned from. The shape is None where only the files say how many pixels an image has.
    """
    edge_px = None if math.isnan(images.n_pixels) else math.isqrt(round(images.n_pixels))
    shape = None if edge_px is None else (len(section.bands), edge_px, edge_px)
    return learned_by_splits(section, images, every_epoch(section, images), shape)
