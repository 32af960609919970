"""What steps will cost, and what they took, as lines for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from entropice.tiles.progress import duration

if TYPE_CHECKING:
    from entropice.io.step_seconds import Measured

_UNKNOWN: Final = "not known"
_NOT_RUN: Final = "not run"
HEADER: Final = ("step", "how much", "bytes", "memory", "time", "known from")
MEASURED_HEADER: Final = ("step", "planned time", "time", "÷", "planned memory", "peak so far", "bytes")


@dataclass(frozen=True)
class PlannedStep:
    """What a step is going to take.

    Attributes
    ----------
    step
        Name of the node.
    amount
        What there is of what decides; empty where nobody knows.
    n_bytes, whose_bytes
        Bytes, and whether they are a source's that is ``here`` or ``to come``, or what is ``written``; None where they
        are not known.
    memory_bytes
        At the peak, of all tiles together that are under way; None where it is not known. Beside it each process takes
        some 0.4 GiB.
    seconds
        By the clock; None where it is not known.
    basis
        Where the numbers come from, or why there is none.
    is_run
        Whether a run without a named pipeline has the step.
    """

    step: str
    amount: str
    n_bytes: int | None
    whose_bytes: str
    memory_bytes: int | None
    seconds: float | None
    basis: str
    is_run: bool = True

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of its row, as in `HEADER`.

        Texts: step, how much, bytes and whose, memory, time, known from; ``not known`` where it is None or empty, but
        for the last.
        """
        return (
            self.step,
            self.amount or _UNKNOWN,
            _UNKNOWN if self.n_bytes is None else f"{bytes_text(self.n_bytes)} {self.whose_bytes}",
            bytes_text(self.memory_bytes),
            seconds_text(self.seconds),
            self.basis,
        )


def table(steps: Sequence[PlannedStep]) -> str:
    """A row for each step below a header, in columns, then what they take together.

    Steps that run only where they are named stand below a line of their own, and are not in the sum. Columns are as
    wide as their widest cell and two blanks apart.
    """
    others = [step.cells for step in steps if not step.is_run]
    apart = [("only where they are named:", *[""] * (len(HEADER) - 1))] if others else []
    rows = [HEADER, *(step.cells for step in steps if step.is_run), *apart, *others]
    return f"{_in_columns(rows)}\n\n{total([step for step in steps if step.is_run])}"


def total(steps: Sequence[PlannedStep]) -> str:
    """Time of all steps whose time is known, and how many others there are.

    The sum is told as `seconds_text` does, 0.0 s where no time is known; the others are left out where there is none.

    Examples
    --------
    >>> times = {"a": 2.0, "b": 0.5, "c": None}
    >>> total([PlannedStep(name, "", None, "written", None, seconds, "") for name, seconds in times.items()])
    'in all 2.5 s, and 1 steps whose time is not known'
    """
    known = [step.seconds for step in steps if step.seconds is not None]
    unknown = len(steps) - len(known)
    rest = f", and {unknown} steps whose time is not known" if unknown else ""
    return f"in all {seconds_text(sum(known))}{rest}"


def measured_rows(steps: Sequence[PlannedStep], measured: "Mapping[str, Measured]") -> list[tuple[str, ...]]:
    """For each step of a run what was planned beside what it took the last time, as in `MEASURED_HEADER`.

    Cells are texts: step, planned time, time taken or ``not run``, taken over planned (two significant digits, from 100
    on a whole number; empty where either is missing or 0 was planned), planned memory, the most that the process had
    held until its end, and bytes. Rows stand in the order of `steps`; a step that runs only where it is named is there
    if it has run.
    """
    return [_beside(step, measured.get(step.step)) for step in steps if step.is_run or step.step in measured]


def measured_table(steps: Sequence[PlannedStep], measured: "Mapping[str, Measured]") -> str:
    """`measured_rows` in columns below their header, then, after an empty line, the line of `measured_total`."""
    rows = _in_columns([MEASURED_HEADER, *measured_rows(steps, measured)])
    return f"{rows}\n\n{measured_total(steps, measured)}"


def measured_total(steps: Sequence[PlannedStep], measured: "Mapping[str, Measured]") -> str:
    """Time planned and taken, over the steps of which both are known, as one line of text.

    Parameters
    ----------
    steps
        Planned steps; those without a planned time, or not in `measured`, are left out of both sums.
    measured
        By name of the step, what it took when it last ran.

    Returns
    -------
    str
        ``<n> steps: <time> planned, <time> taken, <ratio> times as much``, the ratio being taken over planned; without
        it where 0 seconds were planned; a sentence that says so where no step has both times.
    """
    both = [
        (step.seconds, measured[step.step].seconds)
        for step in steps
        if step.seconds is not None and step.step in measured
    ]
    if not both:
        return "no step has run of which a time was planned"
    planned_s, taken_s = (sum(times) for times in zip(*both, strict=True))
    told = f"{len(both)} steps: {seconds_text(planned_s)} planned, {seconds_text(taken_s)} taken"
    return f"{told}, {_ratio(taken_s, planned_s)} times as much" if planned_s > 0 else told


def _beside(step: PlannedStep, measured: "Measured | None") -> tuple[str, ...]:
    taken_s = None if measured is None else measured.seconds
    return (
        step.step,
        seconds_text(step.seconds),
        _NOT_RUN if taken_s is None else seconds_text(taken_s),
        "" if taken_s is None or not step.seconds else _ratio(taken_s, step.seconds),
        bytes_text(step.memory_bytes),
        bytes_text(None if measured is None else measured.peak_bytes),
        _UNKNOWN if step.n_bytes is None else f"{bytes_text(step.n_bytes)} {step.whose_bytes}",
    )


def _ratio(taken: float, planned: float) -> str:
    return f"{taken / planned:.2g}" if taken < 100 * planned else f"{taken / planned:,.0f}"


def _in_columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def seconds_text(seconds: float | None) -> str:
    """``0.3 s`` below 100 seconds, else as progress says it (``7 min``, ``3 h 20 min``); ``not known`` for None.

    Examples
    --------
    >>> seconds_text(0.25), seconds_text(99.9), seconds_text(420.0), seconds_text(None)
    ('0.2 s', '99.9 s', '7 min', 'not known')
    """
    if seconds is None:
        return _UNKNOWN
    return f"{seconds:.1f} s" if seconds < 100 else duration(seconds)


def bytes_text(number: float | None) -> str:
    """Bytes with a decimal prefix; ``not known`` for None.

    A kilobyte has 1000 bytes.

    Examples
    --------
    >>> bytes_text(17_100_000_000), bytes_text(512), bytes_text(None)
    ('17.1 GB', '512 B', 'not known')
    """
    return _UNKNOWN if number is None else f"{amount(number)}B"


def counted(number: float, unit: str) -> str:
    """``4.88 k cells``, ``24 G values``, ``4 tasks``.

    Three digits; from 1000 on with a decimal prefix.

    Examples
    --------
    >>> counted(4880, "cells"), counted(4, "tasks")
    ('4.88 k cells', '4 tasks')
    """
    return f"{amount(number).rstrip()} {unit}"


def amount(number: float) -> str:
    """Three digits and a decimal prefix: ``17.1 G``.

    Below 1000 it has none; either way a blank stands behind the number. Numbers are 0 or more.

    Examples
    --------
    >>> amount(17_140_000_000), amount(999.0), amount(0.0)
    ('17.1 G', '999 ', '0 ')
    """
    # Rounded first: 999.7 is 1 k, and not the 1e+03 that three digits of it would be.
    rounded = float(f"{number:.3g}")
    for prefix, size in (("E", 1e18), ("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if rounded >= size:
            return f"{rounded / size:.3g} {prefix}"
    return f"{rounded:.3g} "
