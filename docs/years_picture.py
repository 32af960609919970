"""Chances of slumps in years to come: ``python docs/years_picture.py data/years_to_come/healpix_7/demo``.

Writes ``docs/images/years-to-come.png``: the chance of any slump in the first and in the last year to come, and the
width of the last one's 90 % interval, as the layers of the run folder have them.
"""

import sys
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import rasterio
from matplotlib import pyplot as plt

IMAGE = Path(__file__).parent / "images/years-to-come.png"


def main() -> None:
    """Draw three layers side by side."""
    mpl.use("agg")
    layers = Path(sys.argv[1]) / "08_reporting/run/layers"
    years = pd.read_parquet(layers / "years_outlook.parquet")["year"]
    first, last = years.min(), years.max()
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    shown = (
        (f"chance of any slump, {first}", f"years_p_any_{first}", "viridis", 1.0),
        (f"chance of any slump, {last}", f"years_p_any_{last}", "viridis", 1.0),
        (f"width of its 90 % interval, {last}", f"years_p_any_width_{last}", "magma", None),
    )
    for axis, (title, name, colours, highest) in zip(axes, shown, strict=True):
        with rasterio.open(layers / f"{name}.tif") as layer:
            image = axis.imshow(layer.read(1, masked=True), cmap=colours, vmin=0, vmax=highest, interpolation="nearest")
        axis.set_title(title, fontsize=9)
        axis.set_axis_off()
        figure.colorbar(image, ax=axis, shrink=0.8)
    figure.savefig(IMAGE, dpi=110)


if __name__ == "__main__":
    main()
