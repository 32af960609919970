"""What is wrong with sequences before a network learns from them."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from entropice.imagery.findings import Finding, finding_of, require_clean
from entropice.imagery.frames.view import FrameSamples, TrainingFrames, horizons_of
from entropice.imagery.frames.window_splits import TESTS, keys_of
from entropice.imagery.normalisation import filled
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.imagery.statistics import BandStatistics
from entropice.types import DataFrame, Float32Array

PARTS: Final = (TRAIN, VALIDATION, *TESTS)
N_LOADED: Final = 16
"""Sequences of training that are looked at as the network will see them."""

FURTHEST_SD: Final = 50.0
"""Standardised values beyond this are no weather: statistics of other fields, or a flag."""


def checked(samples: FrameSamples, splits: DataFrame, statistics: BandStatistics, seed: int) -> dict[str, Any]:
    """Counts of targets by part and horizon, where nothing is wrong.

    Looked at are sequences that are dealt and not there, places and steps in two parts, horizons without truth in any
    test, and `N_LOADED` (16) training sequences as the network will see them: none may hold a standardised value of 50
    or more (`FURTHEST_SD`), or no scored target.

    Parameters
    ----------
    samples
        Sequences that are read when they are asked for.
    splits
        ``key horizon step split``, a row a target.
    statistics, seed
        What inputs are standardised with, and what the sequences that are read are drawn by.

    Returns
    -------
    dict
        ``n_tiles``, all sequences; ``n_targets``, numbers by part and, as a text, by horizon; ``findings``, which is
        empty.

    Raises
    ------
    SchemaError
        Tells all that is wrong.
    """
    require_clean(
        [
            *_dealt_findings(samples, splits),
            *_truth_findings(samples, splits),
            *_loaded_findings(samples, splits, statistics, seed),
        ]
    )
    by_part = {str(part): _by_horizon(targets) for part, targets in splits.groupby("split")}
    return {"n_tiles": len(samples.keys), "n_targets": by_part, "findings": []}


def _by_horizon(targets: DataFrame) -> dict[str, int]:
    counts = targets["horizon"].value_counts(sort=False).sort_index()
    return {str(horizon): int(n_targets) for horizon, n_targets in counts.items()}


def _dealt_findings(samples: FrameSamples, splits: DataFrame) -> Iterator[Finding]:
    """Sequences that are not there, and one target step in two parts."""
    unknown = sorted(set(splits["key"]) - set(samples.keys))
    if unknown:
        yield finding_of("unknown sequences", f"{len(unknown)} sequences are dealt that nobody cut.", unknown)
    place = samples.windows[["left_m", "top_m"]].reindex(splits["key"]).reset_index(drop=True)
    targets = place.assign(step=splits["step"].to_numpy(), split=splits["split"].to_numpy())
    n_parts = targets[targets["split"].isin(PARTS)].groupby(["left_m", "top_m", "step"])["split"].nunique()
    twice = n_parts[n_parts > 1]
    if len(twice):
        yield finding_of("one place in two parts", f"{len(twice)} targets are in two parts.", map(str, twice.index))


def _truth_findings(samples: FrameSamples, splits: DataFrame) -> Iterator[Finding]:
    """Horizons whose targets in tests are unknown in every pixel; one sequence a horizon is read where all is well."""
    # What nobody cut is told by another finding and could not be read here.
    judged = splits[splits["split"].isin(TESTS) & splits["key"].isin(samples.keys)]
    unknown = [
        str(horizon)
        for horizon, targets in judged.groupby("horizon")
        if not any(samples.read(key).scored[int(str(horizon)) - 1].any() for key in targets["key"])
    ]
    if unknown:
        yield finding_of("horizons without truth", f"{len(unknown)} horizons are unknown in every test.", unknown)


def _loaded_findings(
    samples: FrameSamples, splits: DataFrame, statistics: BandStatistics, seed: int
) -> Iterator[Finding]:
    """Values that no network should see, and sequences in which nothing is learned."""
    keys = keys_of(splits, TRAIN, samples.rules.forecast_horizon)
    drawn = sorted(np.random.default_rng([seed, *b"checked"]).permutation(np.array(keys, dtype=object))[:N_LOADED])
    learned = horizons_of(splits, TRAIN, samples.rules.forecast_horizon)
    loader = TrainingFrames(samples, statistics, learned, 0.0, seed)
    loaded = [(key, loader.load([key], 0)) for key in drawn]
    yield from _of("values far off", [key for key, (inputs, _, _) in loaded if not _are_near(inputs)])
    yield from _of("nothing scored", [key for key, (_, _, scored) in loaded if not scored.any()])


def _are_near(inputs: Float32Array) -> bool:
    return bool(np.abs(filled(inputs)).max() < FURTHEST_SD)


def _of(kind: str, keys: Sequence[str]) -> list[Finding]:
    return [finding_of(kind, f"{len(keys)} of {N_LOADED} sequences of training: {kind}.", keys)] if keys else []
