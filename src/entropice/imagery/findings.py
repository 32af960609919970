"""What a check of data has found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from entropice.errors import MAX_SAMPLE, SchemaError
from entropice.types import DataFrame


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with data.

    Attributes
    ----------
    kind
        Short, always the same for the same fault.
    statement
        One sentence.
    evidence
        Keys or numbers that show it, at most `entropice.errors.MAX_SAMPLE`.
    """

    kind: str
    statement: str
    evidence: tuple[str, ...]


def finding_of(kind: str, statement: str, evidence: Iterable[str]) -> Finding:
    """A finding with as much of the evidence as it holds: the first five.

    Examples
    --------
    >>> finding_of("no positives", "Nothing is positive.", (f"tile {number}" for number in range(9))).evidence
    ('tile 0', 'tile 1', 'tile 2', 'tile 3', 'tile 4')
    """
    return Finding(kind, statement, tuple(evidence)[:MAX_SAMPLE])


def require_clean(findings: Sequence[Finding]) -> None:
    """Pass only where there are no findings.

    Raises
    ------
    SchemaError
        There are some; it tells them all.
    """
    if findings:
        lines = [f"{finding.statement} ({'; '.join(finding.evidence)})" for finding in findings]
        raise SchemaError(
            "\n  - ".join([f"Nothing should learn from these data; {len(findings)} findings:", *lines]),
            field=", ".join(dict.fromkeys(finding.kind for finding in findings)),
            got=f"{len(findings)} findings",
            expected="none",
            fix="make the data again, or leave out what is wrong",
        )


def findings_table(findings: Sequence[Finding]) -> DataFrame:
    """Findings as ``kind statement evidence``, a row each; the evidence in one text with semicolons between.

    Examples
    --------
    >>> findings_table([Finding("empty split", "No tile is in test.", ("a", "b"))]).to_numpy().tolist()
    [['empty split', 'No tile is in test.', 'a; b']]
    """
    rows = [(finding.kind, finding.statement, "; ".join(finding.evidence)) for finding in findings]
    return pd.DataFrame(rows, columns=["kind", "statement", "evidence"])
