"""Losses of masks, of classes and of frames.

Every one is a function of outputs, target and scored, and gives one number. What is not scored contributes nothing,
whatever its target says, and has a gradient of exactly 0; where nothing is scored the loss is 0. For masks and frames
the three have one shape; classes have logits (n, class) against target and scored (n,).

A sigmoid must not be taken of logits before: each loss takes its own, in a form that stays finite for logits of any
size. A mean is one over the scored pixels, or images, of all samples together.
"""

from collections.abc import Callable, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from entropice.networks.scored_pixels import hardest_mean, known_labels, scored_mean
from entropice.networks.shape_losses import boundary, lovasz

__all__ = [
    "Loss",
    "balanced_cross_entropy",
    "boundary",
    "class_cross_entropy",
    "cross_entropy",
    "dice",
    "focal",
    "huber",
    "lovasz",
    "mean_absolute_error",
    "mean_squared_error",
    "tversky",
]

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Of outputs, float; target, of any type; scored, bool."""


def cross_entropy(
    logits: Tensor,
    target: Tensor,
    scored: Tensor,
    *,
    positive_weight: float = 1.0,
    negative_weight: float = 1.0,
    hardest_share: float = 1.0,
    least_pixels: int = 0,
) -> Tensor:
    """Mean of −w₊ y log p − w₋ (1 − y) log(1 − p) over the hardest of the scored pixels, by default over all.

    Here p = σ(logit), y is 1 where the target is 1 and 0 elsewhere, and w₊ and w₋ are the weights.

    Parameters
    ----------
    logits, target, scored
        Of one shape; float, 0 or 1 of any type, bool. The mean is divided by the number of pixels, not by their weight.
    hardest_share, least_pixels
        How many are kept, see `entropice.networks.scored_pixels.n_hardest`; the hardest have the highest weighted loss.

    Notes
    -----
    A logit of 0 costs log 2 = .693 whatever the target is.

    Examples
    --------
    >>> logits, target = torch.tensor([0.0, 9.0, 0.0]), torch.tensor([1.0, 1.0, torch.nan])
    >>> scored = torch.tensor([True, True, False])
    >>> round(float(cross_entropy(logits, target, scored, hardest_share=0.5)), 3)
    0.693
    >>> float(cross_entropy(logits, target, torch.zeros(3, dtype=torch.bool)))
    0.0
    """
    known = known_labels(target, scored)
    weight = known * positive_weight + (1 - known) * negative_weight
    each = weight * functional.binary_cross_entropy_with_logits(logits, known, reduction="none")
    return hardest_mean(each, scored, hardest_share, least_pixels)


def focal(
    logits: Tensor,
    target: Tensor,
    scored: Tensor,
    *,
    gamma: float = 2.0,
    alpha: float = 0.25,
    hardest_share: float = 1.0,
    least_pixels: int = 0,
) -> Tensor:
    """Mean of −α_t (1 − p_t)^γ log p_t, with α_t = α where the target is 1 and 1 − α elsewhere.

    It is one over the hardest of the scored pixels, by default over all.

    Parameters
    ----------
    logits, target, scored, hardest_share, least_pixels
        As of `cross_entropy`. p_t is the chance of what is there: σ(logit) where the target is 1, 1 − σ(logit)
        elsewhere.

    Notes
    -----
    Lin et al. 2017, doi:10.1109/ICCV.2017.324. With the published α = .25 a positive pixel weighs a third of a negative
    one: the exponent, not α, is what lifts the rare class.

    At a logit of 0 a positive pixel costs .25 · .5² · log 2 = .043, a negative one three times that.

    Examples
    --------
    >>> scored = torch.tensor([True])
    >>> [round(float(focal(torch.zeros(1), torch.tensor([label]), scored)), 3) for label in (1, 0)]
    [0.043, 0.13]
    """
    known = known_labels(target, scored)
    # softplus and sigmoid of log odds stay finite where log(sigmoid) would be log 0.
    towards = logits * (2 * known - 1)  # log odds of the class that is there
    weight = (known * alpha + (1 - known) * (1 - alpha)) * torch.sigmoid(-towards) ** gamma
    return hardest_mean(weight * functional.softplus(-towards), scored, hardest_share, least_pixels)


def tversky(
    logits: Tensor,
    target: Tensor,
    scored: Tensor,
    *,
    fn_weight: float = 0.7,
    fp_weight: float = 0.3,
    smooth: float = 1.0,
) -> Tensor:
    """1 − (TP + s) / (TP + w_FN FN + w_FP FP + s), sums of probabilities over the scored pixels of all samples.

    Parameters
    ----------
    logits, target, scored
        Of one shape; float, 0 or 1 of any type, bool. TP = Σ p y, FN = Σ (1 − p) y, FP = Σ p (1 − y), with p =
        σ(logit).
    smooth
        s, in pixels: it keeps the loss of few pixels near 0.

    Notes
    -----
    Weights are named by what they weigh, since the letters are used both ways: α weighs false positives in Salehi et
    al. 2017, doi:10.1007/978-3-319-67389-9_44, and false negatives in Abraham and Khan 2019,
    doi:10.1109/ISBI.2019.8759329.

    Of logits 0, 0 against 1, 0 with s = 0 all three sums are .5, and the loss is 1 − .5 / (.5 + .35 + .15) = .5. Where
    nothing is scored it is 0. It is not a mean: parts of a batch do not add up to the batch.

    Examples
    --------
    Of two positives one is missed: .7 / (1 + .7). Both are found, and a wrong pixel: .3 / (2 + .3).

    >>> target, scored = torch.tensor([1, 1, 0]), torch.tensor([True, True, True])
    >>> missed, wrong = torch.tensor([99.0, -99.0, -99.0]), torch.tensor([99.0, 99.0, 99.0])
    >>> [round(float(tversky(logits, target, scored, smooth=0.0)), 3) for logits in (missed, wrong)]
    [0.412, 0.13]
    """
    known, chance = known_labels(target, scored), torch.where(scored, torch.sigmoid(logits), 0)
    right = (chance * known).sum()
    missed, wrong = ((1 - chance) * known).sum(), (chance * (1 - known)).sum()
    # a batch without scored pixels has sums of 0: with s = 0, too, its loss is 0 and not undefined
    floor = torch.finfo(chance.dtype).tiny
    return (fn_weight * missed + fp_weight * wrong) / (right + fn_weight * missed + fp_weight * wrong + smooth).clamp(
        min=floor
    )


def dice(logits: Tensor, target: Tensor, scored: Tensor, *, smooth: float = 1.0) -> Tensor:
    """Tversky loss with both weights one half: 1 − (2 TP + 2 s) / (2 TP + FN + FP + 2 s).

    Sums are those of `tversky`; the constant is twice s where Dice is written with 2 TP.

    Examples
    --------
    One of two positives is missed: 1 − 2 / (2 + 1) without s, 1 − (2 + 2) / (2 + 1 + 2) with s = 1.

    >>> logits, target = torch.tensor([99.0, -99.0]), torch.tensor([1, 1])
    >>> scored = torch.tensor([True, True])
    >>> [round(float(dice(logits, target, scored, smooth=smooth)), 3) for smooth in (0.0, 1.0)]
    [0.333, 0.2]
    """
    return tversky(logits, target, scored, fn_weight=0.5, fp_weight=0.5, smooth=smooth)


_ENET_OFFSET: Final = 1.02

CLASS_WEIGHTS: Final[dict[str, Callable[[Tensor], Tensor]]] = {
    "linear": lambda share: 1 / share,
    "sqrt": lambda share: 1 / share.sqrt(),
    "log": lambda share: 1 / (_ENET_OFFSET + share).log(),
}
"""Weight of a class from its share of the pixels, by name; ``log`` is that of ENet (Paszke et al. 2016,
arXiv:1606.02147)."""


def class_weights(positive_share: float, balance: str) -> tuple[float, float]:
    """Weights of positives and negatives, so that a pixel's expected weight is 1.

    w₊ = f(s) / (s f(s) + (1 − s) f(1 − s)) and w₋ = f(1 − s) / (the same), with f by `balance`: ``linear`` 1 / s,
    ``sqrt`` 1 / √s, ``log`` 1 / log(1.02 + s).

    Parameters
    ----------
    positive_share
        s, share of positives among the pixels that are trained on; above 0 and below 1, which is not checked here: at 0
        and at 1 ``linear`` and ``sqrt`` give NaN.
    balance
        A name of `CLASS_WEIGHTS`.

    Raises
    ------
    KeyError
        There is none of this name.

    Notes
    -----
    For s = .2, ``sqrt`` gives 5/3 and 5/6, ``linear`` 5/2 and 5/8.

    Examples
    --------
    >>> [round(weight, 3) for weight in class_weights(0.2, "sqrt")], class_weights(0.5, "log")
    ([1.667, 0.833], (1.0, 1.0))
    """
    shares = torch.tensor([positive_share, 1 - positive_share], dtype=torch.float64)
    raw = CLASS_WEIGHTS[balance](shares)
    positive, negative = (raw / (raw * shares).sum()).tolist()
    return positive, negative


def balanced_cross_entropy(
    logits: Tensor, target: Tensor, scored: Tensor, *, positive_share: float, balance: str = "sqrt"
) -> Tensor:
    """Cross-entropy with classes weighted by their share of the pixels that are trained on.

    `cross_entropy` over all scored pixels with the weights of `class_weights`; shapes are those given there.

    Examples
    --------
    Of pixels with logits 0 and as many positives as their share says, it is log 2, as without weights.

    >>> target, scored = torch.tensor([1, 0, 0, 0, 0]), torch.ones(5, dtype=torch.bool)
    >>> round(float(balanced_cross_entropy(torch.zeros(5), target, scored, positive_share=0.2)), 3)
    0.693
    """
    positive, negative = class_weights(positive_share, balance)
    return cross_entropy(logits, target, scored, positive_weight=positive, negative_weight=negative)


def class_cross_entropy(logits: Tensor, target: Tensor, scored: Tensor, *, weights: Sequence[float]) -> Tensor:
    """Mean of −w_y log p_y over the scored images, with a weight for each class.

    The divisor is the number of images, not their weight, so that parts of a batch add up to the batch.

    Parameters
    ----------
    logits, target, scored
        Float (n, class); whole numbers (n,), classes from 0 on; bool (n,). p is the softmax of an image's logits.
    weights
        One for each class, w.

    Notes
    -----
    Equal logits of two classes cost w log 2 = .693 w. What the target says where it is not scored does not count.

    Examples
    --------
    Weights 1 and 3 of two images, .693 · (1 + 3) / 2; then of the first one alone.

    >>> logits, target = torch.zeros(2, 2), torch.tensor([0, 1])
    >>> scored = [torch.tensor([True, True]), torch.tensor([True, False])]
    >>> [round(float(class_cross_entropy(logits, target, each, weights=(1.0, 3.0))), 3) for each in scored]
    [1.386, 0.693]
    """
    of_class = torch.tensor(weights, dtype=logits.dtype, device=logits.device)
    known = torch.where(scored, target, 0).long()
    return scored_mean(functional.cross_entropy(logits, known, weight=of_class, reduction="none"), scored)


def _differences(outputs: Tensor, target: Tensor, scored: Tensor) -> Tensor:
    """Output less target, 0 where it is not scored; nothing that is not scored is even looked at by gradients."""
    return torch.where(scored, outputs - target, 0)


def mean_squared_error(outputs: Tensor, target: Tensor, scored: Tensor) -> Tensor:
    """Mean of (ŷ − y)².

    Over the scored pixels of all frames, bands and samples; the three have one shape, a NaN target that is not scored
    does no harm, and where nothing is scored it is 0. In squared standard deviations, since frames are standardised.

    Examples
    --------
    >>> outputs, target = torch.tensor([1.0, 3.0, 5.0]), torch.tensor([0.0, 0.0, torch.nan])
    >>> float(mean_squared_error(outputs, target, torch.tensor([True, True, False])))
    5.0
    """
    return scored_mean(_differences(outputs, target, scored) ** 2, scored)


def mean_absolute_error(outputs: Tensor, target: Tensor, scored: Tensor) -> Tensor:
    """Mean of |ŷ − y|.

    As `mean_squared_error`, in standard deviations.

    Examples
    --------
    >>> outputs, target = torch.tensor([1.0, 3.0, 5.0]), torch.tensor([0.0, 0.0, torch.nan])
    >>> float(mean_absolute_error(outputs, target, torch.tensor([True, True, False])))
    2.0
    """
    return scored_mean(_differences(outputs, target, scored).abs(), scored)


def huber(outputs: Tensor, target: Tensor, scored: Tensor, *, delta: float = 1.0) -> Tensor:
    """Mean of d²/2 for |d| = |ŷ − y| ≤ δ and δ (|d| − δ/2) beyond (Huber 1964, doi:10.1214/aoms/1177703732).

    As `mean_squared_error`, of which it is half where |d| ≤ δ. Differences of 1 and 3 with δ = 1 cost .5 and 2.5.

    Examples
    --------
    >>> outputs, target = torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0])
    >>> float(huber(outputs, target, torch.tensor([True, True])))
    1.5
    """
    differences = _differences(outputs, target, scored)
    each = functional.huber_loss(differences, torch.zeros_like(differences), reduction="none", delta=delta)
    return scored_mean(each, scored)
