"""Two real scenes beside the experts who drew slumps in them: ``python -m benchmarks.real_scenes --demo F --work F``.

``--demo`` is the grid's folder of a finished ``kedro run --env slump_imagery``, size demo. Its network sees relative
elevation, of which the scenes have none, and so cannot be applied; here a network of red, green, blue and near infrared
learns from the same tiles of the virtual Arctic, with the same parameters. It is kept in ``--work`` and not trained
again. The scenes are resampled to the pixels that it has learned from.

What experts agree on among themselves is the ceiling of what a network can agree on with them. The network has never
seen a real pixel: the figures say how far drawn scenes carry, and claim no skill.
"""

import argparse
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import rasterio.features
from rasterio.warp import Resampling, reproject

from benchmarks.measuring import circumstances, markdown_table
from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.errors import ConfigError
from entropice.imagery.held_out import counts_by_block
from entropice.imagery.histogram_matching import matched
from entropice.imagery.histograms import BandHistograms, band_histograms, edges_of
from entropice.imagery.loading import BandView, of_bands
from entropice.imagery.normalisation import standardised
from entropice.imagery.objects import count, f_one, overlap_of
from entropice.imagery.prevalence import average_precision
from entropice.imagery.samples import Image
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.score_steps import steps_of
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.imagery.statistics import BandStatistics, band_statistics, image_statistics
from entropice.imagery.threshold_rules import rule_named
from entropice.imagery.thresholds import choose_threshold
from entropice.imagery.windows import sliding
from entropice.settings import CONFIG_LOADER_ARGS
from entropice.sources.imagery.experts import SITES, DrawnScene, read_drawn_scene
from entropice.sources.imagery.placing import RasterPlace
from entropice.types import BoolArray, Float32Array

BANDS: Final = ("red", "green", "blue", "nir")
MIN_IOU: Final = 0.3
MIN_PIXELS: Final = 4
OVERLAP_PX: Final = 32


class Agreement(NamedTuple):
    """How two masks agree: IoU of their pixels, F1 of their objects."""

    pixel_iou: float
    object_f1: float


def agreement(said: BoolArray, true: BoolArray, searched: BoolArray) -> Agreement:
    """Of masks (row, column) where somebody has searched; NaN where neither has anything."""
    union = ((said | true) & searched).sum()
    iou = float(((said & true & searched).sum()) / union) if union else np.nan
    counts = count(overlap_of(said & searched, true & searched, searched, MIN_PIXELS), MIN_IOU)
    return Agreement(iou, float(f_one(counts.array.astype(float))))


def ceiling(masks: Mapping[str, BoolArray], searched: BoolArray) -> dict[str, Agreement]:
    """By person: how the others agree with each, on average."""
    pairs = {pair: agreement(masks[pair[0]], masks[pair[1]], searched) for pair in permutations(masks, 2)}
    return {
        person: Agreement(*np.mean([found for (_, true), found in pairs.items() if true == person], axis=0))
        for person in masks
    }


def finer_place(place: RasterPlace, pixel_m: float) -> RasterPlace:
    """The same ground in other pixels; where they don't divide it, a last part is left out."""
    n_rows, n_columns = (int(n * place.pixel_m / pixel_m) for n in place.shape)
    return RasterPlace(place.crs, place.left_m, place.top_m, pixel_m, n_rows, n_columns)


def resampled(image: Image, place: RasterPlace, onto: RasterPlace) -> Image:
    """The bands of an image in other pixels, by cubic convolution; valid where the nearest pixel is."""
    values = _warped(image.values, place, onto, Resampling.cubic)
    valid = _warped(image.valid.astype(np.uint8), place, onto, Resampling.nearest) == 1
    return Image(image.bands, np.where(valid, values, np.float32(0)), valid)


def _warped(values: Any, place: RasterPlace, onto: RasterPlace, method: Resampling) -> Any:
    target = np.zeros((len(values), *onto.shape), dtype=values.dtype)
    reproject(
        values,
        target,
        src_transform=place.transform,
        src_crs=place.crs,
        dst_transform=onto.transform,
        dst_crs=onto.crs,
        resampling=method,
        num_threads=1,
    )
    return target


def drawn_on(scene: DrawnScene, place: RasterPlace) -> dict[str, BoolArray]:
    """By person: where a pixel's centre lies inside an outline."""
    return {
        person: rasterio.features.rasterize(
            outlines.geometry, place.shape, transform=place.transform, dtype="uint8"
        ).astype(bool)
        for person, outlines in scene.outlines.items()
    }


class Learned(NamedTuple):
    """A trained network, what its inputs are normalised with, and where its logits are cut.

    Attributes
    ----------
    predict
        Standardised values (n, band, row, column) to logits (n, row, column).
    """

    predict: Any
    statistics: BandStatistics
    seen: BandHistograms
    threshold: float
    n_pixels: int
    pixel_m: float


def learned(demo: Path, work: Path) -> Learned:
    """The network of four bands, trained on the demo's tiles if that was not done before."""
    from entropice.imagery.statistics_document import to_document
    from entropice.io import NetworkDataset
    from entropice.pipelines.kinds.mask.evaluation.models import judged_view, network_logits
    from entropice.pipelines.kinds.mask.job import mask_job
    from entropice.sources.imagery.tiles import ImageTiles

    task = _task()
    images = ImageTiles(demo / "03_primary/slumps_images", "five_bands")
    splits = pd.read_parquet(demo / "05_model_input/slumps_splits.parquet")
    keys = splits.loc[splits["split"] == TRAIN, "key"]
    view = BandView(images, BANDS, task.samples.derivation)
    measured = task.samples.statistics
    statistics = band_statistics(view, keys, measured.share, 0)
    document = to_document(statistics, measured.dataset_version, measured.computed_date)
    dataset = NetworkDataset(filepath=str(work / "network"))
    if not (work / "network").is_dir():
        ratios = list(task.evaluation.ratios)
        dataset.save(
            mask_job(images, splits, document, list(BANDS), task.samples, task.network, task.training, ratios, None)
        )
    network = dataset.load()
    predict = network_logits(network, task.training, task.evaluation)
    held_out = splits[splits["split"] == VALIDATION]
    samples = judged_view(network, images, document, task.samples)
    blocks = held_out["block"].to_numpy(np.uint64)
    _, counts = counts_by_block(samples, list(held_out["key"]), blocks, {"network": predict}, 8)
    steps = steps_of_counts(counts["network"].sum(axis=0))
    chosen = choose_threshold(steps, task.evaluation.calibrated_at, rule_named("f_half"))
    histograms = band_histograms((view.read(key).image for key in keys), BANDS, edges_of(statistics))
    place = images.read(images.keys[0]).place
    return Learned(predict, statistics, histograms, chosen.logit, place.n_pixels, place.pixel_m)


def _task() -> Any:
    loader = RootedConfigLoader("conf", env="slump_imagery", runtime_params={"size": "demo"}, **CONFIG_LOADER_ARGS)
    return read_configuration(loader).parameters.task("slumps")


def logits_of(network: Learned, image: Image) -> Float32Array:
    """What a network says of a scene in its pixels, through windows of the size of its tiles."""
    look = sliding(lambda values, _: network.predict(values), network.n_pixels, OVERLAP_PX)
    return look(standardised(image, network.statistics), image.valid)


def refusal_of_the_demo(scene: DrawnScene) -> str:
    """Why the demo's own network cannot be applied to a scene."""
    task = _task()
    try:
        of_bands(scene.image, task.bands, scene.place.pixel_m, task.samples.derivation)
    except ConfigError as error:
        return str(error)
    raise AssertionError("the scene has all bands of the demo")


def rows_of(scene: DrawnScene, network: Learned) -> list[list[str]]:
    """What the table says of a scene."""
    place = finer_place(scene.place, network.pixel_m)
    seen = resampled(of_bands(scene.image, BANDS, scene.place.pixel_m, _task().samples.derivation), scene.place, place)
    searched = _warped(scene.searched.astype(np.uint8)[None], scene.place, place, Resampling.nearest)[0] == 1
    drawn = drawn_on(scene, place)
    own = image_statistics(seen)
    alike = matched(seen, band_histograms([seen], BANDS, edges_of(own)), network.seen)
    rows = [
        _row(scene, f"the other experts against expert {person}", each, None, mask & searched, searched)
        for (person, each), mask in zip(ceiling(drawn, searched).items(), drawn.values(), strict=True)
    ]
    for name, image in (("network", seen), ("network, bands matched to the training's", alike)):
        logits = logits_of(network, image)
        for person, mask in drawn.items():
            found = agreement(logits >= network.threshold, mask, searched)
            rows.append(_row(scene, f"{name} against expert {person}", found, logits, mask & searched, searched))
    return rows


def _row(
    scene: DrawnScene,
    name: str,
    found: Agreement,
    logits: Float32Array | None,
    true: BoolArray,
    searched: BoolArray,
) -> list[str]:
    prevalence = float(true[searched].mean())
    if logits is None:
        ranked = ""
    else:
        ratio = (1 - prevalence) / prevalence
        ranked = f"{float(average_precision(steps_of(logits[searched], true[searched]), ratio)):.3f}"
    return [scene.site.name, name, f"{prevalence:.3f}", f"{found.pixel_iou:.3f}", f"{found.object_f1:.2f}", ranked]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True, help="folder of the demo's grid and size")
    parser.add_argument("--work", type=Path, required=True, help="folder that keeps the network")
    parser.add_argument("--scenes", type=Path, required=True, help="rts_digitization of the shared fixtures")
    arguments = parser.parse_args()
    scenes = [read_drawn_scene(arguments.scenes, site.name) for site in SITES]
    print(refusal_of_the_demo(scenes[0]), "\n")  # noqa: T201
    network = learned(arguments.demo, arguments.work)
    rows = [row for scene in scenes for row in rows_of(scene, network)]
    titles = ["scene", "who", "share drawn", "pixel IoU", f"object F1 at IoU {MIN_IOU:g}", "PR-AUC"]
    print(markdown_table(titles, rows))  # noqa: T201
    print(f"cut at a logit of {network.threshold:.2f}, the best F0.5 on validation tiles. {circumstances()}")  # noqa: T201


if __name__ == "__main__":
    main()
