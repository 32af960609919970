"""How many images a network of masks, classes or changes sees, at most."""

from typing import Any

from entropice.pipelines.step_cost import Images, Learned


def learned(section: Any, images: Images, n_in_training: float, input_shape: tuple[int, ...] | None) -> Learned:
    """Images by the shares of their splits; buffers between these are left out of account.

    What comes back is the shape of an image, and numbers of images: in training and in validation, all epochs together,
    of validation and test, and of training, each once.

    Parameters
    ----------
    section
        Of a task, whose samples are split by `SplitRules`.
    images
        What the source gives; where it does not say how many, numbers are NaN.
    n_in_training
        Images in all epochs together.
    input_shape
        Of one image as the network takes it; None where only the files say.
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
    """Images in all epochs, where each shows all of training: epochs × share of training × images; NaN where not known.

    >>> from types import SimpleNamespace as Section
    >>> section = Section(training=Section(n_epochs=10), samples=Section(splits=Section(train=0.5)))
    >>> every_epoch(section, Images(n_positive=30, n_negative=70))
    500.0
    """
    n_images: float = section.samples.splits.train * (images.n_positive + images.n_negative)
    n_epochs: int = section.training.n_epochs
    return n_epochs * n_images


def n_validated(section: Any) -> int:
    """How often training is judged: every so many epochs, and after the last.

    >>> from types import SimpleNamespace as Section
    >>> n_validated(Section(training=Section(n_epochs=10, validated_every=4)))  # after epochs 4, 8 and 10
    3
    """
    n_validations: int = -(-section.training.n_epochs // section.training.validated_every)
    return n_validations
