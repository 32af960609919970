"""Which tiles a network sees in an epoch: every positive one, and ever more negative ones."""

from collections.abc import Collection
from itertools import pairwise

import numpy as np

from entropice.imagery.curriculum_rules import CurriculumRules

Keys = tuple[str, ...]


def ratio_at(rules: CurriculumRules, epoch: int) -> float:
    """Negative tiles for each positive one in an epoch, counted from 1.

    Notes
    -----
    k epochs after the end of a phase of ratio a the next one, of ratio b, has a + (b − a) min(k / ramp, 1); without a
    ramp it has b at once. After the last phase its ratio goes on.

    Examples
    --------
    >>> from entropice.imagery.curriculum_rules import CurriculumPhase
    >>> ends = ((2, 1.0), (6, 5.0))
    >>> phases = [CurriculumPhase(last_epoch=last, negatives_per_positive=ratio) for last, ratio in ends]
    >>> rules = CurriculumRules(phases=phases, ramp_epochs=2)
    >>> [ratio_at(rules, epoch) for epoch in (1, 2, 3, 4, 5, 99)]
    [1.0, 1.0, 3.0, 5.0, 5.0, 5.0]
    """
    ratio = rules.phases[0].negatives_per_positive
    for before, phase in pairwise(rules.phases):
        share = min((epoch - before.last_epoch) / max(rules.ramp_epochs, 1), 1.0)
        if share > 0:
            ratio = before.negatives_per_positive + share * (
                phase.negatives_per_positive - before.negatives_per_positive
            )
    return ratio


def n_negatives_at(n_positives: int, rules: CurriculumRules, epoch: int) -> int:
    """Negative tiles of an epoch, counted from 1: its ratio times the positive ones, rounded, halves to even.

    Examples
    --------
    >>> from entropice.imagery.curriculum_rules import CurriculumPhase
    >>> rules = CurriculumRules(phases=[CurriculumPhase(last_epoch=1, negatives_per_positive=2.5)], ramp_epochs=0)
    >>> n_negatives_at(1, rules, 1), n_negatives_at(3, rules, 1)
    (2, 8)
    """
    return round(ratio_at(rules, epoch) * n_positives)


def keys_of_epoch(
    positives: Collection[str], negatives: Collection[str], rules: CurriculumRules, seed: int, epoch: int
) -> tuple[Keys, Keys]:
    """All positive keys and the negative ones drawn for an epoch without replacement, each in a random order.

    A pure function of (seed, epoch) and the two sets, in whatever order they are given:
    ``np.random.default_rng([seed, epoch, *b"curriculum"])`` permutes the sorted positive keys and then the sorted
    negative ones, of which the first `n_negatives_at` are taken. How many negative keys there must be is what
    `entropice.imagery.batches.check_reachable` holds.

    Where there are fewer negative keys than the epoch asks for, all of them are given.

    Examples
    --------
    >>> from entropice.imagery.curriculum_rules import CurriculumPhase
    >>> rules = CurriculumRules(phases=[CurriculumPhase(last_epoch=1, negatives_per_positive=2.0)], ramp_epochs=0)
    >>> positives, negatives = keys_of_epoch({"a", "b"}, [f"n{number}" for number in range(9)], rules, 0, 1)
    >>> sorted(positives), len(set(negatives))
    (['a', 'b'], 4)
    """
    random = np.random.default_rng([seed, epoch, *b"curriculum"])
    n_negatives = n_negatives_at(len(positives), rules, epoch)
    return _shuffled(positives, random), _shuffled(negatives, random)[:n_negatives]


def _shuffled(keys: Collection[str], random: np.random.Generator) -> Keys:
    # Sets come in another order in each process; what is drawn must not.
    ordered = sorted(keys)
    return tuple(ordered[position] for position in random.permutation(len(ordered)))
