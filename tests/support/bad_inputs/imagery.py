"""Images, samples, networks and parameters of imagery that must be refused, read the way a run reads them."""

import pickle
import shutil
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from affine import Affine
from band_images import BANDS, Held, random_sample
from kedro.io import DataCatalog
from rasterio.errors import NotGeoreferencedWarning
from task_steps import CONF, configuration_of, run_step

from bad_inputs import BadInput
from entropice.app.before_run import check_networks
from entropice.app.configuration.catalog_entries import CatalogOrigin, checked
from entropice.app.configuration.environment import Configuration
from entropice.errors import EntropiceError
from entropice.imagery.loading import BandView
from entropice.imagery.samples import Image, Place
from entropice.imagery.statistics import band_statistics
from entropice.imagery.statistics_document import to_document
from entropice.pipelines.kinds.mask.job import mask_plan
from entropice.sources.imagery.products import FIVE_BANDS
from entropice.sources.imagery.reading import read_image, read_label
from entropice.sources.imagery.writing import write_tile

PLACE = Place(-1_400_001.0, 1_099_998.0, 3.0, 24, 2022)
Change = Callable[[np.ndarray], np.ndarray]


def _configuration(given: Mapping[str, Any]) -> Configuration:
    return configuration_of("slump_imagery", "slumps", given)


def _given(kind: str, **given: Any) -> BadInput:
    """Parameters of slumps on the command line, looked at before a run."""

    def provoke(_: Path) -> None:
        configuration = _configuration(given)
        check_networks("slumps", configuration.parameters, configuration.origin)

    return BadInput(f"imagery: {kind}", provoke)


def _of_an_unknown_product(folder: Path) -> object:
    entry = {"type": "entropice.io.ImageTilesDataset", "filepath": str(folder), "product": "superdov"}
    origin = CatalogOrigin(CONF, "slump_imagery")
    return checked(lambda: DataCatalog.from_config({"slumps.images": entry}), ["slumps.images"], origin)


def _tile(folder: Path) -> Path:
    random = np.random.default_rng(1)
    values = (random.integers(200, 4000, size=(6, 24, 24)) * 1e-4).astype(np.float32)
    image = Image((*FIVE_BANDS.bands, "elevation"), values, np.ones(values.shape, dtype=bool))
    label = np.zeros((24, 24), dtype=np.uint8)
    label[10:14, 8:20] = 1
    write_tile(folder / "tile", image, PLACE, label)
    return folder / "tile.tif"


def _rewritten(path: Path, values: Change | None = None, **profile: Any) -> None:
    with rasterio.open(path) as source:
        numbers, old = source.read(), source.profile
    numbers = numbers if values is None else values(numbers)
    path.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **{**old, "count": len(numbers), "dtype": numbers.dtype, **profile}) as file:
            file.write(numbers)


def _image(kind: str, values: Change | None = None, **profile: Any) -> BadInput:
    """The image of a tile, changed and read."""

    def provoke(folder: Path) -> object:
        path = _tile(folder)
        _rewritten(path, values, **profile)
        return read_image(path, FIVE_BANDS)

    return BadInput(f"image: {kind}", provoke)


def _label(kind: str, values: Change | None = None, **profile: Any) -> BadInput:
    """The label of a tile, changed and read."""

    def provoke(folder: Path) -> object:
        path = _tile(folder)
        _rewritten(folder / "tile_label.tif", values, **profile)
        return read_label(folder / "tile_label.tif", read_image(path, FIVE_BANDS)[1])

    return BadInput(f"label: {kind}", provoke)


def _other_order(folder: Path) -> object:
    path = _tile(folder)
    with rasterio.open(path, "r+") as file:
        file.descriptions = ("red", "green", "blue", "rededge", "nir")
    return read_image(path, FIVE_BANDS)


def _band(number: int, value: float) -> Change:
    def change(numbers: np.ndarray) -> np.ndarray:
        changed = numbers.copy()
        changed[number] = value
        return changed

    return change


def _with_nan(numbers: np.ndarray) -> np.ndarray:
    return _band(0, np.nan)(numbers.astype(np.float32) / 10_000)


def _elevation_with_nan(folder: Path) -> object:
    path = _tile(folder)
    _rewritten(folder / "tile_dem.tif", _band(0, np.nan))
    return read_image(path, FIVE_BANDS)


def _splits(n_positive: int = 20, n_negative: int = 60) -> pd.DataFrame:
    """Tiles of each split, of which the first ones have something positive."""
    names = [name for name in ("train", "validation", "test") for _ in range(n_positive + n_negative)]
    positive = [*([7] * n_positive), *([0] * n_negative)] * 3
    keys = [f"tile_{number}" for number in range(len(names))]
    return pd.DataFrame({"key": keys, "split": names, "n_positive": positive, "block": 1})


def _run(step: str, inputs: Mapping[str, Any], folder: Path, given: Mapping[str, Any] | None = None) -> object:
    """Run a step of slumps on inputs and parameters."""
    return run_step("slumps", step, _configuration(given or {}), inputs, folder)


@cache
def _samples() -> Held:
    samples = (random_sample(number, f"tile_{number}") for number in range(6))
    return Held(
        [replace(sample, place=replace(sample.place, left_m=1e5 * place)) for place, sample in enumerate(samples)]
    )


def _document(bands: tuple[str, ...] = BANDS, dataset_version: str = "virtual-1") -> dict[str, Any]:
    view = BandView(_samples(), bands, _configuration({}).parameters.task("slumps").samples.derivation)
    measured = band_statistics(view, view.keys, 1.0, 0)
    return to_document(measured, dataset_version, pd.Timestamp("2026-11-29").date())


def _checked(kind: str, splits: pd.DataFrame, **document: Any) -> BadInput:
    """Samples, their splits and statistics changed, checked by the step that looks at them."""

    def provoke(folder: Path) -> object:
        given = {"bands": list(BANDS), "samples": {"checks": {"max_prevalence": 1.0}}}
        inputs = {"images": _samples(), "splits": splits, "statistics": _document(**document)}
        return _run("check_samples", inputs, folder, given)

    return BadInput(f"samples: {kind}", provoke)


def _dealt() -> pd.DataFrame:
    keys = [f"tile_{number}" for number in range(6)]
    return pd.DataFrame({"key": keys, "split": ["train", "train", "validation", "validation", "test", "test"]})


def _twice() -> pd.DataFrame:
    return pd.concat([_dealt(), pd.DataFrame({"key": ["tile_0"], "split": ["test"]})], ignore_index=True)


def _planned(kind: str, splits: pd.DataFrame, **given: Any) -> BadInput:
    """A training of these tiles, planned as its step plans it."""

    def provoke(folder: Path) -> object:
        configuration = _configuration(given)
        task = configuration.parameters.task("slumps")
        try:
            return mask_plan(splits, task.samples, task.training)
        except EntropiceError as error:
            error.path = str(folder / "slumps_splits.parquet")
            raise

    return BadInput(f"training: {kind}", provoke)


def _without_positives(folder: Path) -> object:
    samples = [replace(sample, target=np.zeros_like(sample.target)) for sample in _samples().samples]
    tiles = pd.DataFrame(
        {
            "key": [sample.key for sample in samples],
            "left_m": np.arange(6) * 200_000.0 - 600_000.0,
            "top_m": -1_500_000.0,
            "pixel_m": 3.0,
            "n_pixels": 16,
            "year": 2021,
        }
    )
    shares = {"train": 0.4, "validation": 0.3, "test": 0.3, "buffer_m": 0.0}
    return _run("split_tiles", {"tiles": tiles, "images": Held(samples)}, folder, {"samples": {"splits": shares}})


def _checkpoint(kind: str, change: Callable[[Path], object]) -> BadInput:
    """A file of a network, changed and read."""

    def provoke(folder: Path) -> object:
        from entropice.networks.architecture import NetworkSpecification
        from entropice.networks.export import Checkpoint, checkpoint_to_bytes, read_checkpoint, require_specification

        specification = NetworkSpecification("unet", "tu-tf_efficientnet_lite0", ("red", "green", "blue"))
        path = folder / "best_model.pth"
        path.write_bytes(checkpoint_to_bytes(Checkpoint(specification, "ab" * 32, {}, {})))
        change(path)
        return require_specification(read_checkpoint(path), replace(specification, bands=("red", "nir")), path)

    return BadInput(f"network: {kind}", provoke)


def _of_a_later_version(path: Path) -> None:
    import torch

    content = torch.load(path, weights_only=True)
    content["record"]["layout_version"] = 99
    torch.save(content, path)


def _pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps(shutil.copy))


BAD_INPUTS = (
    _given("unknown architecture", network={"architecture": "unet_plusplus"}),
    _given("unknown encoder", network={"encoder": "efficientnet-b77"}),
    _given("unknown fusion", network={"fusion": "sumed"}),
    _given("fusion that the architecture cannot do", network={"architecture": "sam", "fusion": "summed"}),
    _given("late fusion of bands without blue", bands=["red", "green", "nir"], network={"fusion": "summed"}),
    _given("unknown weights", network={"encoder_weights": "imagenet_lite"}),
    _given("weights of another encoder", network={"encoder_weights": "imagenet_lite0"}),
    _given("unknown band", bands=["red", "green", "blue", "nirr"]),
    _given("unknown loss", training={"losses": [{"name": "tverski"}]}),
    _given("unknown parameter of a loss", training={"losses": [{"name": "focal", "parameters": {"beta": 0.5}}]}),
    _given("measure that validation does not give", training={"metric": "val_50_pr_auc"}),
    _given("unknown rule for thresholds", evaluation={"threshold": "f_hafl"}),
    _given("batch that cannot be cut", training={"n_parts": 7}),
    _given("batch without room for the ratio", training={"batch_size": 16}),
    _given("warm-up beyond the last epoch", training={"warmup_epochs": 400}),
    _given("rates that do not go together", training={"lowest_rate": 0.1}),
    BadInput("image: unknown product", _of_an_unknown_product),
    _image("too few bands", lambda numbers: numbers[:4]),
    BadInput("image: bands in another order", _other_order),
    _image("numbers of another type", lambda numbers: (numbers / 10_000).astype(np.float32)),
    _image("reflectance at another scale", lambda numbers: (numbers / 100).astype(np.uint16)),
    _image("a band that is missing", _band(2, 0)),
    _image("a band that is constant", _band(2, 900)),
    _image("NaN", _with_nan),
    BadInput("image: NaN in the elevation", _elevation_with_nan),
    _image("nodata of another product", nodata=65535),
    _image("no CRS", crs=None),
    _image("no geotransform", transform=Affine.identity()),
    _image("pixels that are not square", transform=Affine(3, 0, PLACE.left_m, 0, -4, PLACE.top_m)),
    _label("beyond the image", lambda numbers: np.pad(numbers, ((0, 0), (0, 6), (0, 6))), height=30, width=30),
    _label("on another grid", transform=Affine(3, 0, PLACE.left_m + 9, 0, -3, PLACE.top_m)),
    _label("other values", lambda numbers: numbers * 2),
    _checked("a tile in two splits", _twice()),
    _checked("statistics of another dataset", _dealt(), dataset_version="virtual-0"),
    BadInput("samples: no positives in a split", _without_positives),
    _planned("ratio that cannot be reached", _splits(n_negative=100), training={"batch_size": 32, "n_parts": 1}),
    _planned("fewer tiles than a batch", _splits(2, 60)),
    _checkpoint("of another network", lambda path: path),
    _checkpoint("from a later version", _of_a_later_version),
    _checkpoint("a pickle", _pickled),
    _checkpoint("cut off", lambda path: path.write_bytes(path.read_bytes()[:200])),
)
