"""Tiles that tell of each other: the same content twice, or the same ground in two splits."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import shapely

from entropice.imagery.findings import Finding, finding_of
from entropice.imagery.sample_record import SampleRecord
from entropice.types import DataFrame

BySplit = Mapping[str, Sequence[SampleRecord]]


def pair_findings(by_split: BySplit) -> list[Finding]:
    """What is wrong with two tiles together though neither is wrong alone, one finding a kind.

    Parameters
    ----------
    by_split
        Records by split. Those without content, or without bounds, are not compared.

    Returns
    -------
    list
        ``same content`` of equal images under different keys in different splits, ``same content in a split`` of those
        in one, and ``same ground`` of tiles of different splits that overlap, in whatever years; to touch is not to
        overlap.

    Examples
    --------
    >>> bounds_m = (0.0, 0.0, 10.0, 10.0), (10.0, 0.0, 20.0, 10.0), (19.0, 0.0, 29.0, 10.0)
    >>> a, b, c = (SampleRecord(key, content=key, bounds_m=each) for key, each in zip("abc", bounds_m))
    >>> [finding.evidence for finding in pair_findings({"train": [a, c], "test": [b]})]
    [('c (train) and b (test)',)]
    """
    return [*_twins(_contents(by_split)), *_overlaps(by_split)]


def _contents(by_split: BySplit) -> DataFrame:
    """``content split key`` of every tile that shows something."""
    rows = [(each.content, split, each.key) for split, records in by_split.items() for each in records if each.content]
    return pd.DataFrame(rows, columns=["content", "split", "key"]).drop_duplicates()


def _twins(table: DataFrame) -> list[Finding]:
    """Images that are equal under different keys, in different splits (a leak) or in one (a weight nobody gave)."""
    groups = table.groupby("content")[["split", "key"]].nunique()
    is_apart = (groups["key"] > 1) & (groups["split"] > 1)
    is_within = (groups["key"] > 1) & (groups["split"] == 1)
    return [
        *_twin_finding(table, groups.index[is_apart], "same content", "in more than one split"),
        *_twin_finding(table, groups.index[is_within], "same content in a split", "in one split"),
    ]


def _twin_finding(table: DataFrame, contents: "pd.Index[str]", kind: str, where: str) -> list[Finding]:
    if contents.empty:
        return []
    by_content = table[table["content"].isin(contents)].groupby("content", sort=False)["key"]
    keys = [" = ".join(group.unique()) for _, group in by_content]
    return [finding_of(kind, f"{len(contents)} images are {where} under different keys.", keys)]


def _overlaps(by_split: BySplit) -> list[Finding]:
    """Tiles of different splits that share ground, in whatever years; those that only touch share none."""
    placed = [(split, each.key, each.bounds_m) for split, records in by_split.items() for each in records]
    known = [(split, key, shapely.box(*bounds_m)) for split, key, bounds_m in placed if bounds_m is not None]
    if not known:
        return []
    splits, keys, boxes = (np.array(column, dtype=object) for column in zip(*known, strict=True))
    first, second = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    # Each pair once, and no tile beside itself: the same key in two splits is a finding of its own.
    is_apart = (first < second) & (splits[first] != splits[second]) & (keys[first] != keys[second])
    first, second = first[is_apart], second[is_apart]
    shares_ground = ~shapely.touches(boxes[first], boxes[second])
    pairs = list(zip(first[shares_ground], second[shares_ground], strict=True))
    if not pairs:
        return []
    shown = [f"{keys[a]} ({splits[a]}) and {keys[b]} ({splits[b]})" for a, b in pairs]
    return [finding_of("same ground", f"{len(pairs)} pairs of tiles of different splits overlap.", shown)]
