"""The node that joins the feature groups; those of each group stand in a module of their own."""

from entropice.types import Dataset, GeoDataFrame


def assemble_features(cells: GeoDataFrame, *groups: Dataset) -> Dataset:
    """Join the feature groups this environment has into one cube on the cells."""
    from entropice.derive.cube import merge_groups

    return merge_groups(groups, cells["cell_id"].to_numpy())
