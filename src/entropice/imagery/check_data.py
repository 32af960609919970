"""Look at all data as a network will get them, before it learns from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from entropice.errors import EntropiceError
from entropice.imagery.data_rules import DataRules
from entropice.imagery.findings import Finding, finding_of
from entropice.imagery.label_shift import shift_findings
from entropice.imagery.sample_record import ExpectedTarget, SampleRecord, record_of
from entropice.imagery.samples import Samples
from entropice.imagery.sensor_rules import SensorBands
from entropice.imagery.splits import SPLITS
from entropice.imagery.statistics_document import from_document
from entropice.imagery.tile_pairs import pair_findings
from entropice.progress import progress
from entropice.types import DataFrame

STATISTICS_FILE: Final = Path("normalization_stats.json")


@dataclass(frozen=True)
class ExpectedData:
    """What data must be.

    Attributes
    ----------
    dataset_version
        Of the statistics.
    target
        Shape, type and range of targets.
    rules
        How often targets must be positive.
    sensors
        Bands by sensor: one that saw nothing in a whole image is no fault.
    """

    dataset_version: str
    target: ExpectedTarget
    rules: DataRules
    sensors: SensorBands = field(default_factory=dict)


def check_data(
    samples: Samples, splits: DataFrame, expected: ExpectedData, statistics: Mapping[str, Any]
) -> list[Finding]:
    """Read every sample of every split through its loader, once, and say what is wrong.

    Parameters
    ----------
    samples
        With the bands of the statistics.
    splits
        ``key split``; rows of what is none of ``train``, ``validation`` and ``test``, such as a buffer, are left out.
    expected
        What they must be.
    statistics
        The document that values will be standardised with.

    Returns
    -------
    list
        Empty where nothing is wrong. In order, by kind: ``statistics`` that do not fit; ``in two splits``, ``twice in a
        split``, ``no such tile``; those of `pair_findings`; faults of single tiles (`record_of`, and ``not readable``
        where a sample can't be read, by an EntropiceError), a finding a kind, in the order of the alphabet; those of
        `shift_findings`; and by split ``empty split``, or of masks ``no positives``, ``positives not scored`` (in more
        than ``max_hidden_share`` of the tiles with positives none of them is scored) and ``prevalence`` (the share of
        positives among all scored pixels lies outside the rules), of classes of images ``no such class`` and
        ``prevalence`` (of each class that is there, among all labelled images).
    """
    used = splits[splits["split"].isin(SPLITS)]
    records = _records(samples, used, expected)
    by_split = {split: [records[key] for key in keys if key in records] for split, keys in _keys_by_split(used).items()}
    return [
        *_statistics_findings(statistics, expected.dataset_version, samples.bands),
        *_split_findings(samples, used),
        *pair_findings(by_split),
        *_single_findings(records.values()),
        *shift_findings([each.edge_ranks for each in records.values() if each.edge_ranks is not None]),
        *(finding for split, of_split in by_split.items() for finding in _label_findings(split, of_split, expected)),
    ]


def _records(samples: Samples, splits: DataFrame, expected: ExpectedData) -> dict[str, SampleRecord]:
    there = set(samples.keys)
    keys = [key for key in dict.fromkeys(splits["key"]) if key in there]
    return {key: _record(samples, key, expected) for key in progress(keys, "data are checked")}


def _record(samples: Samples, key: str, expected: ExpectedData) -> SampleRecord:
    try:
        return record_of(samples.read(key), samples.bands, expected.target, expected.sensors)
    except EntropiceError as error:
        return SampleRecord(key, faults=(("not readable", error.what),))


def _keys_by_split(splits: DataFrame) -> dict[str, list[str]]:
    return {split: splits["key"][splits["split"] == split].tolist() for split in SPLITS}


def _statistics_findings(statistics: Mapping[str, Any], dataset_version: str, bands: tuple[str, ...]) -> list[Finding]:
    try:
        from_document(statistics, STATISTICS_FILE, dataset_version, bands)
    except EntropiceError as error:
        evidence = error.sample or [f"{error.field}: got {error.got}, expected {error.expected}"]
        return [finding_of("statistics", error.what, map(str, evidence))]
    return []


def _split_findings(samples: Samples, splits: DataFrame) -> list[Finding]:
    n_splits = splits.groupby("key")["split"].nunique()
    twice = n_splits.index[n_splits > 1]
    repeated = splits["key"][splits.duplicated(["key", "split"])].unique()
    lacking = splits["key"][~splits["key"].isin(samples.keys)]
    found = []
    if len(twice):
        found.append(finding_of("in two splits", f"{len(twice)} tiles are in more than one split.", twice))
    if len(repeated):
        found.append(finding_of("twice in a split", f"{len(repeated)} tiles are more than once in a split.", repeated))
    if len(lacking):
        found.append(finding_of("no such tile", f"{len(lacking)} tiles of the splits are not in the data.", lacking))
    return found


def _single_findings(records: Iterable[SampleRecord]) -> list[Finding]:
    """Faults of single samples, one finding a kind."""
    faults = sorted((kind, each.key, what) for each in records for kind, what in each.faults)
    kinds = [(kind, list(group)) for kind, group in groupby(faults, key=lambda fault: fault[0])]
    return [
        finding_of(
            kind, f"{len({key for _, key, _ in group})} tiles: {kind}.", [f"{key}: {what}" for _, key, what in group]
        )
        for kind, group in kinds
    ]


def _class_findings(split: str, records: Sequence[SampleRecord], expected: ExpectedData) -> list[Finding]:
    """Classes that too few images of a split show to be learned or known there, or too many."""
    labels = [each.label for each in records if each.label is not None]
    shares = {number: labels.count(number) / max(len(labels), 1) for number in expected.target.classes}
    rules = expected.rules
    absent = [f"class {number}" for number, share in shares.items() if share == 0]
    rare = [number for number, share in shares.items() if not rules.min_prevalence <= share <= rules.max_prevalence]
    evidence = [f"class {number}: {shares[number]:.3g} of {len(labels)} images" for number in rare if shares[number]]
    found = []
    if absent:
        found.append(finding_of("no such class", f"{len(absent)} classes are nowhere in {split}.", absent))
    if evidence:
        within = f"{rules.min_prevalence:g} to {rules.max_prevalence:g}"
        found.append(finding_of("prevalence", f"Shares of classes in {split} are not within {within}.", evidence))
    return found


def _label_findings(split: str, records: Sequence[SampleRecord], expected: ExpectedData) -> list[Finding]:
    """Too few or too many positive targets in a split."""
    if not records:
        return [finding_of("empty split", f"No tile is in {split}.", [split])]
    if expected.target.is_of_image:
        return _class_findings(split, records, expected)
    if not expected.target.is_class:
        return []
    positive = [each for each in records if each.n_positive]
    hidden = [each.key for each in positive if not each.n_positive_scored]
    n_scored = sum(each.n_scored for each in records)
    prevalence = sum(each.n_positive_scored for each in records) / max(n_scored, 1)
    rules = expected.rules
    found = []
    if not positive:
        found.append(finding_of("no positives", f"Nothing is positive in {split}.", [f"{len(records)} tiles"]))
    if len(hidden) > rules.max_hidden_share * len(positive):
        statement = f"{len(hidden)} of {len(positive)} tiles of {split} with something positive have none of it scored."
        found.append(finding_of("positives not scored", statement, hidden))
    if positive and not rules.min_prevalence <= prevalence <= rules.max_prevalence:
        statement = (
            f"The share of positives in {split} is not within {rules.min_prevalence:g} to {rules.max_prevalence:g}."
        )
        found.append(finding_of("prevalence", statement, [f"{prevalence:.3g} of {n_scored:,} scored"]))
    return found
