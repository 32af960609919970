"""How many images a network of masks, classes or changes sees, at most."""

from typing import Any

from entropice.pipelines.step_cost import Images, Learned


def learned(section: Any, images: Images, n_in_training: float, input_shape: tuple[int, ...] | None) -> Learned:
    """Images by the shares of their splits; buffers between these are left out of account.

    Parameters
    ----------
    section
        Of a task, whose samples are split by `SplitRules`.
    n_in_training
        Images in all epochs together.
    """
    splits, n_images = section.samples.splits, images.n_positive + images.n_negative
    return Learned(
        input_shape,
        n_in_training,
        n_validated(section) * splits.validation * n_images,
        (splits.validation + splits.test) * n_images,
        splits.train * n_images,
    )


def every_epoch(section: Any, images: Images) -> float:
    """Images in all epochs, where each shows all of training."""
    n_images: float = section.samples.splits.train * (images.n_positive + images.n_negative)
    n_epochs: int = section.training.n_epochs
    return n_epochs * n_images


def n_validated(section: Any) -> int:
    """How often training is judged."""
    n_validations: int = -(-section.training.n_epochs // section.training.validated_every)
    return n_validations
