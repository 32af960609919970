"""Write docs/data-dictionary.md from a feature cube: ``python docs/data_dictionary.py CUBE.zarr``."""

import sys
from pathlib import Path

import xarray as xr

from entropice.derive.cube import feature_dictionary
from entropice.pipelines.sources.registry import FEATURES

HEADER = """# Data dictionary

Every feature of the small virtual Arctic (`conf/test`), generated from the cube itself by `make tables`. The same
attributes travel in the cube (`04_feature/features.zarr`), and as a table in the manifest of the run (`features`).
Other environments have other histories: see `features.climate.history` in their parameters.

The years that enter are calendar years, or are counted from the label year *y*. A climate year *y* is the Arctic year
that ends in it (October *y*−1 to September *y*), so no feature knows what comes after its label year. Days of a season
are counted from the start of the Arctic year. A feature is unknown in a cell of which its source knows less than
`features.min_known_fraction` (0.5) of the land area. The other tables are described in
[ARCHITECTURE.md](ARCHITECTURE.md).

"""

TABLE = """
| feature | unit | group | source | statistic | years | meaning | by label year |
|---|---|---|---|---|---|---|---|
"""


def data_dictionary(cube: xr.Dataset) -> str:
    """The page for the features of a cube."""
    columns = ["name", "units", "group", "source", "statistic", "years", "long_name"]
    rows = feature_dictionary(cube).to_dict("records")
    lines = [" | ".join([f"`{row['name']}`", *(str(row[key]) for key in columns[1:])]) for row in rows]
    return (
        HEADER
        + _sources()
        + TABLE
        + "".join(
            f"| {line} | {'yes' if row['is_yearly'] else 'no'} |\n" for line, row in zip(lines, rows, strict=True)
        )
    )


def _sources() -> str:
    """Which names in ``composition.yml`` yield which group of features."""
    groups = dict.fromkeys(source.group for source in FEATURES)
    names = {group: ", ".join(f"`{one.name}`" for one in FEATURES if one.group == group) for group in groups}
    rows = "".join(f"| {group} | {of_group} |\n" for group, of_group in names.items())
    return f"| group | `features` in `composition.yml` that yield it |\n|---|---|\n{rows}"


if __name__ == "__main__":
    with xr.open_zarr(sys.argv[1], consolidated=False) as cube:
        Path(__file__).with_name("data-dictionary.md").write_text(data_dictionary(cube), encoding="utf-8")
