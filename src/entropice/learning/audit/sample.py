"""Cells drawn at random from a map, for a person to look at."""

import numpy as np
import pandas as pd

from entropice.errors import LabelError


def draw_sample(predictions: pd.DataFrame, n_cells: int, random_seed: int, n_strata: int = 1) -> pd.DataFrame:
    """Draw cells for a person to look at.

    Parameters
    ----------
    predictions
        ``p_any`` and any other columns, of one year; rows without a prediction are not drawn.
    n_cells
        To draw, without replacement.
    n_strata
        Equal parts by P(any), each of which gets its share of the cells; 1 draws from all alike.

    Returns
    -------
    DataFrame
        All columns and ``weight observed``, in random order; ``observed`` is to be filled in, ``weight`` is how many
        cells of the map each stands for.

    Raises
    ------
    LabelError
        If fewer cells are predicted than are to be drawn, or fewer are to be drawn than there are strata.
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
    stratum = (predicted["p_any"].rank(method="first") - 1) * n_strata // len(predicted)
    members = [np.flatnonzero(stratum == number) for number in range(n_strata)]
    sizes = [len(part) for part in np.array_split(np.arange(n_cells), n_strata)]
    drawn = [random.choice(rows, size, replace=False) for rows, size in zip(members, sizes, strict=True)]
    weights = [np.full(size, len(rows) / size) for rows, size in zip(members, sizes, strict=True)]
    sample = predicted.iloc[np.concatenate(drawn)].assign(weight=np.concatenate(weights), observed="")
    return sample.iloc[random.permutation(n_cells)].reset_index(drop=True)
