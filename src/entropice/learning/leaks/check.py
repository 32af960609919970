"""What a check declares, and what it finds."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from entropice.learning.leaks.artefacts import Artefacts


@dataclass(frozen=True)
class Finding:
    """One leak.

    Attributes
    ----------
    kind
        Name of the check.
    statement
        One sentence for readers.
    evidence
        Plain numbers and names behind it.
    """

    kind: str
    statement: str
    evidence: Mapping[str, Any]

    def entry(self) -> dict[str, Any]:
        """Plain values: a dictionary with ``kind statement evidence``.

        Examples
        --------
        >>> Finding("blocks split", "A block lies in training and test.", {"n": 1}).entry()
        {'kind': 'blocks split', 'statement': 'A block lies in training and test.', 'evidence': {'n': 1}}
        """
        return asdict(self)


@dataclass(frozen=True)
class Check:
    """Looks for one kind of leak.

    Attributes
    ----------
    kind
        Name, in reports and findings.
    find
        Gives a finding where the artefacts show the leak, and none where they do not.
    """

    kind: str
    find: Callable[[Artefacts], Iterable[Finding]]


def alarm(kinds: Iterable[str], findings: Sequence[Finding]) -> dict[str, Any]:
    """What was looked for and what was found, as plain values; a warning tells each finding.

    A dictionary of ``checks`` (the kinds) and ``findings`` (their entries).

    Examples
    --------
    >>> alarm(["blocks split"], [])
    {'checks': ['blocks split'], 'findings': []}
    """
    for finding in findings:
        logging.getLogger(__name__).warning("Leak alarm, %s: %s", finding.kind, finding.statement)
    return {"checks": list(kinds), "findings": [finding.entry() for finding in findings]}
