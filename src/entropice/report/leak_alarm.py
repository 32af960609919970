"""What the leak alarm looked for in a run, and what it found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class LeakAlarm:
    """The kinds of leaks that were looked for; of each that was found ``kind statement evidence``."""

    checks: tuple[str, ...]
    findings: tuple[Mapping[str, Any], ...]

    @property
    def statement(self) -> str:
        """One sentence for readers, with how many signs were looked for and how many found.

        Examples
        --------
        >>> LeakAlarm(("scores", "exposure"), ()).statement
        '2 signs of leaks were looked for, none found.'
        """
        found = f"{len(self.findings)} found" if self.findings else "none found"
        return f"{len(self.checks)} signs of leaks were looked for, {found}."

    def entry(self) -> dict[str, Any]:
        """Plain values: ``statement checks findings``."""
        return {"statement": self.statement, **asdict(self)}


def leak_alarm(leaks: Mapping[str, Any], limit_leaks: Mapping[str, Any] | None) -> LeakAlarm:
    """The datasets of these names in one; the second is None where the truth is not known.

    Both have ``checks`` (kinds of leaks) and ``findings`` (each ``kind statement evidence``); those of ``leaks`` come
    first.

    Examples
    --------
    >>> found = {"kind": "scores", "statement": "Too good.", "evidence": {}}
    >>> leak_alarm({"checks": ["scores"], "findings": [found]}, {"checks": ["limit"], "findings": []}).checks
    ('scores', 'limit')
    """
    parts = [leaks] if limit_leaks is None else [leaks, limit_leaks]
    return LeakAlarm(
        tuple(check for part in parts for check in part["checks"]),
        tuple(finding for part in parts for finding in part["findings"]),
    )
