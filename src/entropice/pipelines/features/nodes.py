"""The node that joins the feature groups; those of each group stand in a module of their own."""

from entropice.types import Dataset, GeoDataFrame


def assemble_features(cells: GeoDataFrame, *groups: Dataset) -> Dataset:
    """Join the feature groups this environment has into one cube on the cells.

    Parameters
    ----------
    cells
        ``cell_id`` (uint64, sorted) of every cell of the run.
    groups
        Cubes of one feature group each, dims (cell) or (cell, year), on just these cells and on the same label years.

    Returns
    -------
    Dataset
        The dataset ``features``: every variable of the groups as it is, NaN where unknown, in the order of the groups;
        coordinates ``cell_ids`` and ``year``.

    Raises
    ------
    FeatureError
        A group is on other cells, groups differ in years or grid, or a feature's name occurs twice.
    """
    from entropice.derive.cube import merge_groups

    return merge_groups(groups, cells["cell_id"].to_numpy())
