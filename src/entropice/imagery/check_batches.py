"""Look at the batches of an epoch before a network gets them."""

from collections import Counter
from collections.abc import Sequence

from entropice.imagery.curriculum import Keys
from entropice.imagery.findings import Finding, finding_of
from entropice.imagery.splits import TRAIN
from entropice.types import DataFrame


def check_batches(batches: Sequence[Keys], splits: DataFrame) -> list[Finding]:
    """Say what is wrong with the batches of one epoch.

    Parameters
    ----------
    batches
        As `entropice.imagery.batches.batches_of_epoch` gives them.
    splits
        ``key split n_positive``.

    Returns
    -------
    list
        Empty where every batch holds training tiles alone, each once in the epoch and one or more of them positive, and
        all are of one size. Else one finding a kind, in this order: ``tile of another split in a batch``, ``twice in an
        epoch``, ``batch without positives`` (``batch 0`` is the first), ``batches of several sizes``; of no batch at
        all ``no batches`` alone.

    Examples
    --------
    >>> import pandas as pd
    >>> splits = pd.DataFrame({"key": ["a", "b", "c"], "split": ["train", "train", "test"], "n_positive": [3, 0, 1]})
    >>> check_batches([("a", "b")], splits)
    []
    >>> [finding.kind for finding in check_batches([("a", "c"), ("b", "b")], splits)]
    ['tile of another split in a batch', 'twice in an epoch', 'batch without positives']
    """
    if not batches:
        return [finding_of("no batches", "An epoch has no batch.", ())]
    learned = splits[splits["split"] == TRAIN]
    known, positive = set(learned["key"]), set(learned["key"][learned["n_positive"] > 0])
    counts = Counter(key for batch in batches for key in batch)
    sizes = sorted({len(batch) for batch in batches})
    other = [key for key in counts if key not in known]
    twice = [key for key, count in counts.items() if count > 1]
    without = [f"batch {number}" for number, batch in enumerate(batches) if positive.isdisjoint(batch)]
    looked_for = (
        (other, "tile of another split in a batch", f"{len(other)} tiles of batches are not training tiles."),
        (twice, "twice in an epoch", f"{len(twice)} tiles are more than once in an epoch."),
        (without, "batch without positives", f"{len(without)} of {len(batches)} batches show nothing positive."),
        (sizes[1:], "batches of several sizes", f"Batches hold {', '.join(map(str, sizes))} tiles."),
    )
    return [finding_of(kind, statement, map(str, evidence)) for evidence, kind, statement in looked_for if evidence]
