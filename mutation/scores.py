"""Share of faults that tests notice, by room, with an interval for the faults that were not drawn."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scipy.stats import binomtest

NOTICED = ("killed", "timeout")


@dataclass(frozen=True)
class Score:
    """Faults of a room by what became of them."""

    room: str
    killed: int
    timeout: int
    survived: int

    @property
    def n(self) -> int:
        """How many faults were tried."""
        return self.killed + self.timeout + self.survived

    @property
    def noticed(self) -> float:
        """Share of the faults that tests noticed, by failing or by never ending; 0 to 1."""
        return (self.killed + self.timeout) / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share among all faults of the room (doi:10.1080/01621459.1927.10502953)."""
        found = binomtest(self.killed + self.timeout, self.n).proportion_ci(0.95, method="wilson")
        return float(found.low), float(found.high)


def scores(outcomes: Iterable[tuple[str, str]]) -> list[Score]:
    """A score a room, in the order of its first outcome, of pairs of room and outcome.

    A fault that no test reaches has survived.
    """
    by_room: dict[str, Counter[str]] = {}
    for room, word in outcomes:
        by_room.setdefault(room, Counter())[word] += 1
    return [_score(room, counted) for room, counted in by_room.items()]


def table(found: Iterable[Score]) -> Iterator[str]:
    """The scores as lines of a Markdown table, and all rooms together in its last line."""
    listed = list(found)
    yield "| room | faults | killed | timeout | survived | noticed | 95 % interval |"
    yield "|---|---|---|---|---|---|---|"
    yield from map(_row, listed)
    if len(listed) > 1:
        sums = [sum(getattr(one, name) for one in listed) for name in ("killed", "timeout", "survived")]
        yield _row(Score("all", *sums))


def _score(room: str, counted: Mapping[str, int]) -> Score:
    killed, timeout = (counted[word] for word in NOTICED)
    return Score(room, killed, timeout, sum(counted.values()) - killed - timeout)


def _row(one: Score) -> str:
    low, high = (f"{bound:.0%}".replace("%", " %") for bound in one.interval)
    share = f"{one.noticed:.0%}".replace("%", " %")
    return f"| {one.room} | {one.n} | {one.killed} | {one.timeout} | {one.survived} | {share} | {low} to {high} |"
