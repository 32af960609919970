"""Batches of an epoch, each with its part of the positive tiles."""

from collections.abc import Collection

import numpy as np

from entropice.errors import ConfigError, LabelError
from entropice.imagery.curriculum import Keys, keys_of_epoch, ratio_at
from entropice.imagery.curriculum_rules import CurriculumRules
from entropice.types import IntArray


def check_reachable(n_positives: int, n_negatives: int, rules: CurriculumRules, batch_size: int) -> None:
    """Raise unless every epoch has as many tiles as its ratio and one batch ask for.

    Raises
    ------
    ConfigError
        `batch_size` is below 1 + the highest ratio of the phases: a batch cannot hold a positive tile and its negative
        ones. Looked at first.
    LabelError
        There are fewer negative tiles than round(highest ratio · `n_positives`), or at the lowest ratio r fewer than a
        batch holds: `n_positives` + round(r · `n_positives`) < `batch_size`.

    Examples
    --------
    >>> from entropice.imagery.curriculum_rules import CurriculumPhase
    >>> rules = CurriculumRules(phases=[CurriculumPhase(last_epoch=1, negatives_per_positive=3.0)], ramp_epochs=0)
    >>> check_reachable(2, 6, rules, batch_size=4)
    >>> try:
    ...     check_reachable(2, 5, rules, batch_size=4)
    ... except LabelError as error:
    ...     print(error.what)
    There are too few negative tiles for 3 to each positive one.
    """
    ratios = [phase.negatives_per_positive for phase in rules.phases]
    highest, lowest = max(ratios), min(ratios)
    if batch_size < 1 + highest:
        raise ConfigError(
            f"A batch of {batch_size} can't hold a positive tile and {highest:g} negative ones.",
            field="batch_size",
            got=batch_size,
            expected=f"at least {1 + highest:g}",
            fix="ask for larger batches or a lower negatives_per_positive",
        )
    if n_negatives < round(highest * n_positives):
        raise LabelError(
            f"There are too few negative tiles for {highest:g} to each positive one.",
            field="negatives_per_positive",
            got=f"{n_positives:,} positive and {n_negatives:,} negative tiles",
            expected=f"{round(highest * n_positives):,} negative tiles",
            fix="cut more tiles at random places, or lower negatives_per_positive",
        )
    if n_positives + round(lowest * n_positives) < batch_size:
        raise LabelError(
            "There are fewer tiles than one batch holds.",
            field="batch_size",
            got=f"{n_positives:,} positive tiles, {lowest:g} negative ones to each",
            expected=f"{batch_size:,} tiles or more",
            fix="cut more tiles, or ask for smaller batches",
        )


def batches_of_epoch(
    positives: Collection[str],
    negatives: Collection[str],
    rules: CurriculumRules,
    batch_size: int,
    seed: int,
    epoch: int,
) -> list[Keys]:
    """Full batches of an epoch, counted from 1; tiles that fill no batch are left out of it.

    Returns
    -------
    list
        Of tuples of `batch_size` keys, no key twice. With ratio r each batch holds batch_size / (1 + r) positive keys,
        rounded down or up, and always one.

    Raises
    ------
    LabelError, ConfigError
        As `check_reachable`.

    Notes
    -----
    A pure function of (seed, epoch) and the two sets. Keys are taken in the order of `keys_of_epoch`, which fill B full
    batches; with M = round(B · batch_size / (1 + r)) positive keys in all the first b batches hold ⌊b M / B⌋. Each is
    then shuffled.

    Examples
    --------
    Four positive and four of the negative tiles fill two batches, two positive ones in each:

    >>> from entropice.imagery.curriculum_rules import CurriculumPhase
    >>> rules = CurriculumRules(phases=[CurriculumPhase(last_epoch=1, negatives_per_positive=1.0)], ramp_epochs=0)
    >>> batches = batches_of_epoch("abcd", [f"n{number}" for number in range(9)], rules, 4, seed=0, epoch=1)
    >>> [sum(key in "abcd" for key in batch) for batch in batches], len({key for batch in batches for key in batch})
    ([2, 2], 8)
    """
    check_reachable(len(positives), len(negatives), rules, batch_size)
    shown, others = keys_of_epoch(positives, negatives, rules, seed, epoch)
    n_batches = (len(shown) + len(others)) // batch_size
    n_positive = _positives_by_batch(ratio_at(rules, epoch), batch_size, n_batches)
    random = np.random.default_rng([seed, epoch, *b"batches"])
    positive_ends, negative_ends = np.cumsum(n_positive), np.cumsum(batch_size - n_positive)
    parts = zip(np.split(shown, positive_ends)[:-1], np.split(others, negative_ends)[:-1], strict=True)
    return [tuple(random.permutation(np.concatenate(part)).tolist()) for part in parts]


def _positives_by_batch(ratio: float, batch_size: int, n_batches: int) -> IntArray:
    """Positive tiles of each batch, as even as whole numbers can be.

    Of P positive tiles and r P negative ones, rounded, at most P and r P are used: rounding is off by half a tile at
    most, and 1 + r is above 1.
    """
    n_shown = round(n_batches * batch_size / (1 + ratio))
    # In whole numbers: differences of floors are even to one tile, and sum up to what is shown.
    return np.diff(np.arange(n_batches + 1) * n_shown // n_batches)
