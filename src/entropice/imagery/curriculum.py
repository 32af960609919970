"""Which tiles an epoch learns from, and in which batches: pure functions of seed and epoch, counted from 0."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from entropice.errors import ConfigError
from entropice.imagery.curriculum_rules import Curriculum


def ratio_at(curriculum: Curriculum, epoch: int) -> float:
    """Negative tiles for each positive one in an epoch (from 0 on); after the last phase, as in it."""
    number = epoch + 1
    ratio = next((phase.ratio for phase in curriculum.phases if number <= phase.last_epoch), None)
    ratio = curriculum.phases[-1].ratio if ratio is None else ratio
    for before, after in pairwise(curriculum.phases):
        way = (number - before.last_epoch) / (curriculum.ramp_epochs + 1)
        if 0 < way < 1 and number <= after.last_epoch:
            return before.ratio + (after.ratio - before.ratio) * way
    return ratio


def check_reachable(curriculum: Curriculum, n_positive: int, n_negative: int, n_epochs: int, batch_size: int) -> None:
    """Pass only where every epoch finds the tiles it asks for, and a batch holds both kinds.

    Raises
    ------
    ConfigError
        Says which epoch does not, and what there is.
    """
    for epoch in range(n_epochs):
        ratio = ratio_at(curriculum, epoch)
        if n_positive == 0 or round(ratio * n_positive) > n_negative:
            raise ConfigError(
                f"The ratio of epoch {epoch + 1} cannot be reached.",
                field="curriculum",
                got=f"{n_positive:,} positive and {n_negative:,} negative tiles to learn from",
                expected=f"{round(ratio * n_positive):,} negative ones at 1 : {ratio:g}",
                fix="take more tiles anywhere, fewer around finds, or a lower ratio",
            )
        if batch_size > n_positive + round(ratio * n_positive):
            raise ConfigError(
                f"Epoch {epoch + 1} has no whole batch.",
                field="batch_size",
                got=batch_size,
                expected=f"at most {n_positive + round(ratio * n_positive)}",
                fix="take smaller batches, or more tiles",
            )


def batches_of_epoch(
    positives: Sequence[str],
    negatives: Sequence[str],
    curriculum: Curriculum,
    batch_size: int,
    seed: int,
    epoch: int,
) -> list[tuple[str, ...]]:
    """Batches of an epoch: all positive tiles once, and as many negative ones as the ratio asks for, drawn anew.

    Positive tiles are spread evenly over the batches; where there are fewer than batches, those without one take one
    that was drawn again. What does not fill a batch is left out.
    """
    random = np.random.default_rng([seed, epoch, *b"batches"])
    n_negative = round(ratio_at(curriculum, epoch) * len(positives))
    n_batches = (len(positives) + n_negative) // batch_size
    drawn = random.permutation(np.asarray(positives, dtype=object))
    if len(drawn) < n_batches:
        drawn = np.concatenate([drawn, random.choice(drawn, n_batches - len(drawn))])
    of_batch = np.array_split(drawn[: n_batches * batch_size], n_batches) if n_batches else []
    others = iter(random.permutation(np.asarray(negatives, dtype=object)))
    filled = [[*own[:batch_size], *(next(others) for _ in range(max(batch_size - len(own), 0)))] for own in of_batch]
    return [tuple(str(key) for key in random.permutation(np.asarray(batch, dtype=object))) for batch in filled]
