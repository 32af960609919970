"""Leave-label-year-out: other cells in a year that training has not seen."""

from typing import TYPE_CHECKING, Final

from entropice.errors import LabelError
from entropice.learning.folds.scheme import BUFFER, TEST, Ground, Scheme
from entropice.types import DataFrame

if TYPE_CHECKING:
    import numpy as np

FEWEST_YEARS: Final = 2


def deal(ground: Ground, random: "np.random.Generator") -> DataFrame:
    """Deal whole blocks into one fold a label year; a fold tests its cells in its year on other cells and years.

    A cell is tested in one year, and its other years are in no training of that fold: a slump stays for years, so they
    would give its label away. The number of folds follows from the years of `ground`, ascending; its number of folds is
    not asked for. Blocks go to folds as in `dealing.deal_blocks`. A cell within ``ground.buffer_m`` of a tested one, by
    centres and the distance itself included, is ``buffer`` in all years.

    Returns
    -------
    DataFrame
        ``fold cell_id year role``, one row per fold, cell and year, no year null; ``buffer`` is what is neither trained
        on nor tested, other years of test cells and the tested year of training cells among them.

    Raises
    ------
    LabelError
        If there is one label year only, there are fewer blocks than years, or a fold has no training cell.

    Examples
    --------
    Two cells in blocks of their own, far apart: in each fold one is tested in one year, and the other trains in the
    other.

    >>> import numpy as np
    >>> ids, places_m = np.arange(2, dtype=np.uint64), np.array([[0.0, 0.0], [1e6, 0.0]])
    >>> ground = Ground(ids, ids, places_m, places_m, np.array([2019, 2020]), 2, 1e5)
    >>> roles = deal(ground, np.random.default_rng(0))
    >>> roles[roles["role"] != "buffer"].query("fold == 0").set_index("role")["year"].to_dict()
    {'test': 2019, 'train': 2020}
    """
    import pandas as pd

    from entropice.learning.folds.dealing import deal_blocks, hold_out

    _require_years(ground)
    roles = hold_out(ground, deal_blocks(ground.block_ids, len(ground.years), random), ground.buffer_m)
    by_year = roles.drop(columns="year").merge(pd.DataFrame({"year": ground.years}), how="cross")
    is_of_the_fold = by_year["year"].to_numpy() == ground.years[by_year["fold"].to_numpy()]
    # Kept are test cells in the year of the fold and training cells in all others. A test cell in another year, or a
    # training cell in the tested year, is neither: the one knows the label, the other the year's weather.
    role = by_year["role"].mask(is_of_the_fold != (by_year["role"] == TEST), BUFFER)
    return by_year.assign(role=role).astype({"year": "Int64"})[["fold", "cell_id", "year", "role"]]


def _require_years(ground: Ground) -> None:
    if len(ground.years) < FEWEST_YEARS:
        raise LabelError(
            "One label year alone cannot be left out.",
            field="modelling.folds.schemes",
            got=f"year, with labels of {', '.join(map(str, ground.years))} alone",
            expected="labels of at least two years",
            fix="take year out of modelling.folds.schemes, or add label years",
        )


SCHEME: Final = Scheme(
    name="year",
    title="transfer skill to another year",
    description="Each fold tests one label year in blocks of its own; models learn from other blocks in other years.",
    deal=deal,
    keeps_blocks_apart=True,
)
