"""CPU time of 480 fits in one `ESPASearch` of a small table."""

import functools
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from benchmarks.measuring import against, interleaved_minima, markdown_table
from benchmarks.problems import worms
from entropice.espa import ESPAClassifier, ESPASearch
from entropice.espa.search import log_score

MOST_SEARCH_S: Final = 0.5


class Search(NamedTuple):
    """How many candidates, folds and starts a search fits."""

    n_eps_entropy: int
    n_eps_class: int
    n_folds: int
    n_init: int

    @property
    def n_fits(self) -> int:
        """Number of fits from one start each."""
        return self.n_eps_entropy * self.n_eps_class * self.n_folds * self.n_init

    def __str__(self) -> str:
        return f"{self.n_eps_entropy * self.n_eps_class} × {self.n_folds} × {self.n_init}"


SEARCHES: Final = (Search(4, 4, 5, 6), Search(12, 8, 5, 1))


def no_score(*_: object) -> float:
    """Score nothing."""
    return 0.0


SCORINGS: Final[dict[str, str | Callable[..., float]]] = {
    "with the default score": log_score,
    "with scikit-learn's log loss": "neg_log_loss",
    "without scores": no_score,
}


def search_table(searches: Sequence[Search], n_repeats: int) -> str:
    """Spell the CPU time of searches, by how candidates are scored."""
    rows, codes = worms(100, 100, np.random.default_rng(0))
    tasks = {
        f"{search}, {title}": functools.partial(make_search(search, scoring).fit, rows, codes)
        for search in searches
        for title, scoring in SCORINGS.items()
    }
    lowest = interleaved_minima(tasks, n_repeats)
    spelled = [
        [str(search), str(search.n_fits)]
        + [against(lowest[f"{search}, {title}"], "<=", MOST_SEARCH_S, " s") for title in SCORINGS]
        for search in searches
    ]
    return markdown_table(["candidates × folds × starts", "fits", *SCORINGS], spelled)


def make_search(search: Search, scoring: str | Callable[..., float]) -> ESPASearch:
    """Set up a search over both strengths."""
    grid = {
        "eps_entropy": np.geomspace(1e-3, 1, search.n_eps_entropy).tolist(),
        "eps_class": np.geomspace(1e-2, 1, search.n_eps_class).tolist(),
    }
    model = ESPAClassifier(6, n_init=search.n_init, random_state=0, device="cpu")
    return ESPASearch(model, param_grid=grid, cv=search.n_folds, scoring=scoring)
