"""Losses of masks that see a shape as a whole: its overlap with the truth, and how far its edge lies from the truth's.

They are losses as `entropice.networks.losses` describes them.
"""

import torch
from torch import Tensor
from torch.nn import functional

from entropice.networks.scored_pixels import known_labels, scored_mean


def lovasz(logits: Tensor, target: Tensor, scored: Tensor) -> Tensor:
    """Lovász hinge: mean over images of the Lovász extension of 1 − IoU at the hinge errors of their scored pixels.

    Logits are floats without a sigmoid, labels 0 or 1 of any type, scored bool. Of labels 1, 1, 0 where the second
    pixel alone has an error e, the loss is e / 2: with e = 1 that is 1 − IoU, one right of two.

    Parameters
    ----------
    logits, target, scored
        Shape (n, …); the first dimension counts images. The mean is one over all n, so that parts of a batch add up
        to the batch; an image without scored pixels has a loss of 0.

    Notes
    -----
    With the errors e = max(0, 1 − f (2y − 1)) of an image in falling order and J(k) = 1 − IoU where the first k
    pixels are wrong and all others right, the loss is Σ e_k (J(k) − J(k − 1)). Where errors are 0 or 1 it is 1 − IoU
    itself. Berman et al. 2018, doi:10.1109/CVPR.2018.00464.

    Examples
    --------
    >>> target, scored = torch.tensor([[1, 1, 0]]), torch.tensor([[True, True, True]])
    >>> [float(lovasz(torch.tensor([[2.0, 1.0 - e, -2.0]]), target, scored)) for e in (0.0, 0.5, 1.0)]
    [0.0, 0.25, 0.5]
    """
    of_images = [part.reshape(len(logits), -1) for part in (logits, known_labels(target, scored), scored)]
    flat, known, counts = of_images
    # what is not scored comes last, as if it were right by any margin, and so changes no step before it
    margins = torch.where(counts, flat * (2 * known - 1), torch.inf)
    sorted_margins, order = margins.sort(dim=1, stable=True)
    steps = jaccard_steps(known.gather(1, order).long())
    return (functional.relu(1 - sorted_margins) * steps).sum() / max(len(flat), 1)


def jaccard_steps(labels: Tensor) -> Tensor:
    """What each further wrong pixel adds to 1 − IoU, with labels int64 (image, pixel) in the order of going wrong.

    Labels are 0 or 1. Steps are floats of the same shape and sum to 1 in each image, since with all pixels wrong there
    is no overlap; without positives the first wrong pixel adds all.

    Examples
    --------
    >>> steps = jaccard_steps(torch.tensor([[1, 0, 1], [0, 0, 0]]))
    >>> [[round(step, 3) for step in image] for image in steps.tolist()]
    [[0.5, 0.167, 0.333], [1.0, 0.0, 0.0]]
    """
    n_positive = labels.sum(dim=1, keepdim=True)
    # whole numbers are exact, and added up in the same order everywhere
    right = n_positive - labels.cumsum(dim=1)
    union = n_positive + (1 - labels).cumsum(dim=1)
    losses = 1 - right / union
    return torch.diff(losses, dim=1, prepend=torch.zeros_like(losses[:, :1]))


def boundary(logits: Tensor, distances_px: Tensor, scored: Tensor, *, reach_px: float = 20.0) -> Tensor:
    """Mean of p φ / R: chances weighed by the signed distance φ to the truth's edge, clipped at the reach ±R.

    Divided by the reach it lies between −1, where all is inside and said, and 1, and so is of the order of the losses
    that it is added to.

    Logits and scored have the shape of the distances; the mean is one over all scored pixels, 0 where there are none,
    and p = σ(logit). With R = 20 and logits of 0, distances of −40 and 10 give (−.5 + .25) / 2 = −.125.

    Parameters
    ----------
    distances_px
        Signed distance to the edge of the truth in pixels, negative inside
        (`entropice.imagery.distances.signed_distances_px`).

    Notes
    -----
    Kervadec et al. 2021, doi:10.1016/j.media.2020.101851. It is lowest where exactly the truth is said. It is linear in
    the chances, so that a network that is sure learns little from it alone: it is added to other losses.

    Examples
    --------
    >>> distances_px = torch.tensor([-40.0, 10.0])
    >>> float(boundary(torch.zeros(2), distances_px, torch.tensor([True, True])))
    -0.125
    """
    weights = torch.where(scored, distances_px, 0).float().clamp(-reach_px, reach_px) / reach_px
    return scored_mean(torch.sigmoid(logits) * weights, scored)
