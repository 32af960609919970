"""Cells drawn at random from a map, for a person to look at."""

import numpy as np
import pandas as pd

from entropice.errors import LabelError


def draw_sample(predictions: pd.DataFrame, n_cells: int, random_seed: int, n_strata: int = 1) -> pd.DataFrame:
    """Draw cells for a person to look at.

    Parameters
    ----------
    predictions
        Column ``p_any`` and any others, of one year; rows without a prediction (NaN) are not drawn.
    n_cells
        To draw, without replacement.
    random_seed
        The same seed draws the same cells.
    n_strata
        Equal parts by P(any), each of which gets its share of the cells; 1 draws from all alike. Equal chances are told
        apart by position: with the rank r (from 1) of n predicted rows the stratum is ⌊(r − 1) · n_strata / n⌋. Where
        `n_cells` do not divide evenly, the first strata get one more.

    Returns
    -------
    DataFrame
        All columns and ``weight observed``, in random order, indexed from 0; ``observed`` is an empty text, to be
        filled in, ``weight`` is how many predicted cells each stands for: cells of its stratum over those drawn from
        it.

    Raises
    ------
    LabelError
        If fewer cells are predicted than are to be drawn, or fewer are to be drawn than there are strata.

    Examples
    --------
    Two of four cells, one from each half by P(any): each stands for two.

    >>> import numpy as np
    >>> sample = draw_sample(pd.DataFrame({"p_any": [0.1, 0.9, np.nan, 0.2, 0.8]}), 2, random_seed=0, n_strata=2)
    >>> sample["weight"].tolist(), sorted(sample["p_any"] > 0.5)
    ([2.0, 2.0], [False, True])
    """
    predicted = predictions[predictions["p_any"].notna()]
    if not n_strata <= n_cells <= len(predicted):
        raise LabelError(
            "The sample does not fit the map.",
            field="n_cells",
            got=n_cells,
            expected=f"{n_strata} to {len(predicted)}, the strata and the cells with a prediction",
            fix="ask for another number of cells, or fewer strata",
        )
    random = np.random.default_rng(random_seed)
    # Strata by rank, not by value: they hold equally many cells whatever the map says, and a simple mean of the sample
    # stays nearly unbiased. Ties go by position, or one value in most cells would be one stratum.
    stratum = (predicted["p_any"].rank(method="first") - 1) * n_strata // len(predicted)
    members = [np.flatnonzero(stratum == number) for number in range(n_strata)]
    sizes = [len(part) for part in np.array_split(np.arange(n_cells), n_strata)]
    drawn = [random.choice(rows, size, replace=False) for rows, size in zip(members, sizes, strict=True)]
    weights = [np.full(size, len(rows) / size) for rows, size in zip(members, sizes, strict=True)]
    sample = predicted.iloc[np.concatenate(drawn)].assign(weight=np.concatenate(weights), observed="")
    return sample.iloc[random.permutation(n_cells)].reset_index(drop=True)
