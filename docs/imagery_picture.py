"""Test tiles as a network sees and answers them: ``python docs/imagery_picture.py data/slump_imagery/h3_4/demo``.

Writes ``docs/images/imagery_tiles.png``: true colours with the label's outline, near infrared, red and green, the
network's calibrated chance at 1:500, and the elevation above the surroundings.
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from scipy.special import expit

from entropice.imagery.calibration import Calibration
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.loading import BandView
from entropice.imagery.normalisation import standardised
from entropice.imagery.statistics_document import from_document
from entropice.networks.export import network_of, read_checkpoint
from entropice.networks.inference import predictor
from entropice.networks.machine import Machine
from entropice.sources.imagery.tiles import ImageTiles

N_TILES, RATIO = 5, 500.0
RULES = DerivedBandRules(surroundings_radius_m=150.0, sun_azimuth_deg=315.0, sun_elevation_deg=45.0)


def main() -> None:
    """Draw the tiles with most to find among those that the network has not learned from."""
    mpl.use("agg")
    run = Path(sys.argv[1])
    splits = pd.read_parquet(run / "05_model_input/slumps_splits.parquet")
    test = splits[splits["split"] == "test"].sort_values("n_positive", ascending=False)
    images = ImageTiles(run / "03_primary/slumps_images", "five_bands")
    checkpoint = read_checkpoint(run / "06_models/slumps_network/best_model.pth")
    document = json.loads((run / "05_model_input/slumps_statistics.json").read_text(encoding="utf-8"))
    bands = checkpoint.specification.bands
    statistics = from_document(document, Path("statistics.json"), document["dataset_version"], bands)
    calibration = Calibration.from_json(
        json.loads((run / "07_model_output/slumps_calibration.json").read_text())["network"]["calibration"]
    )
    predict = predictor(network_of(checkpoint, Path("network")), checkpoint.weights, Machine())
    view = BandView(images, bands, RULES)
    figure, axes = plt.subplots(4, N_TILES, figsize=(2 * N_TILES, 8), layout="constrained")
    for column, key in enumerate(test["key"].iloc[1 : N_TILES + 1]):
        sample, seen = images.read(key), view.read(key).image
        image = sample.image
        chance = expit(calibration.logits_at(predict(standardised(seen, statistics)[None])[0, 0], RATIO))
        bands_of = dict(zip(image.bands, image.values, strict=True))
        shown = [
            _stretched([bands_of[name] for name in ("red", "green", "blue")]),
            _stretched([bands_of[name] for name in ("nir", "red", "green")]),
            chance,
            dict(zip(bands, seen.values, strict=True))["relative_elevation"],
        ]
        for axis, picture, limits in zip(axes[:, column], shown, (None, None, (0, 1), (-6, 6)), strict=True):
            colours = {} if limits is None else {"vmin": limits[0], "vmax": limits[1]}
            axis.imshow(picture, cmap="magma" if limits == (0, 1) else "gray", interpolation="nearest", **colours)
            axis.set_xticks([])
            axis.set_yticks([])
        axes[0, column].contour(sample.target, levels=[0.5], colors="#ff2bd6", linewidths=0.8)
    titles = ("true colours, label", "NIR, red, green", "chance of a slump, 0–1", "relative elevation, ± 6 m")
    for axis, title in zip(axes[:, 0], titles, strict=True):
        axis.set_ylabel(title, fontsize=8)
    figure.savefig("docs/images/imagery_tiles.png", dpi=110)


def _stretched(bands: list[np.ndarray]) -> np.ndarray:
    """From black to the brightest hundredth, with the gamma of a screen; the bands keep their ratios."""
    stacked = np.stack(bands, axis=-1)
    return np.clip(stacked / np.percentile(stacked, 99), 0, 1) ** (1 / 1.8)


if __name__ == "__main__":
    main()
