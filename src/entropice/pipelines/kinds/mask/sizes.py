"""How many images a network sees, at most: every positive one, and as many others as the curriculum asks for."""

import math

from entropice.pipelines.kinds.mask.parameters import MaskParameters
from entropice.pipelines.samples.sizes import learned as learned_by_splits
from entropice.pipelines.step_cost import UNKNOWN, Images, Learned


def learned(section: MaskParameters, images: Images) -> Learned:
    """Images of full batches; every image around something is taken to show it.

    What comes back is the shape of an image as the network takes it, and numbers of images: in training and in
    validation, all epochs together, held out, and learned from. Training sees in each epoch the positive images of its
    share and as many others as the curriculum then asks for, batches that are not full left out. Shape (band, row,
    column), None where only files say, and then the number is NaN.
    """
    if math.isnan(images.n_pixels):
        return learned_by_splits(section, images, UNKNOWN, None)
    edge_px, n_epochs = math.isqrt(round(images.n_pixels)), section.training.n_epochs
    n_in_training = sum(_of_epoch(section, images, epoch + 1) for epoch in range(n_epochs))
    return learned_by_splits(section, images, n_in_training, (len(section.bands), edge_px, edge_px))


def _of_epoch(section: MaskParameters, images: Images, epoch: int) -> int:
    from entropice.imagery.curriculum import n_negatives_at

    n_positive, n_negative = (round(section.samples.splits.train * n) for n in (images.n_positive, images.n_negative))
    n_shown = n_positive + min(n_negative, n_negatives_at(n_positive, section.samples.curriculum, epoch))
    return n_shown // section.training.batch_size * section.training.batch_size
