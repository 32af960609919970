"""Ice types and change on two real scenes of one day: ``python -m benchmarks.modis_ice --grid F --scenes F``.

``--grid`` is the grid's folder of a finished ``kedro run --env sea_ice``, whose networks have seen virtual ice alone;
``--scenes`` is ``imagery/modis_sea_ice`` of the shared fixtures: the coast of East Greenland on 2022-09-14, as Aqua and
Terra saw it. Two questions of honesty, and none of skill, for nobody has labelled these scenes:

- Is cloud over ice called thick ice with confidence, and does the alarm "none of these" prevent it? What is cloud says
  band 7 of MODIS, the first of the false-colour file: there ice, snow and water are dark. What the alarm looks at was
  chosen on this pair, so that the figure is a check of what was built and no estimate for other scenes.
- How much change is said of land, which cannot have changed between two overpasses, beside plain image differencing?
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import rasterio
from scipy.special import softmax

from benchmarks.measuring import circumstances, interleaved_minima, markdown_table
from entropice.imagery.bands import RGB
from entropice.imagery.changes.false_change import false_change_table, unchanged_counts
from entropice.imagery.changes.pair_models import DIFFERENCE, PAIR_MODELS
from entropice.imagery.changes.score_table import natural_ratio
from entropice.imagery.classes.calibration import ClassCalibration
from entropice.imagery.classes.image_statistics import character_columns
from entropice.imagery.classes.looks import under_symmetries
from entropice.imagery.classes.strangeness import Alarm, Familiar
from entropice.imagery.held_out import counts_by_block
from entropice.imagery.loading import SampleView
from entropice.imagery.normalisation import standardised
from entropice.imagery.pixel_models import fit_pixel_model
from entropice.imagery.samples import Image
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.statistics_document import from_document
from entropice.imagery.threshold_rules import rule_named
from entropice.imagery.thresholds import choose_threshold
from entropice.learning.scores.table import block_replicates
from entropice.sources.imagery.products import TRUE_COLOUR
from entropice.sources.imagery.reading import read_image
from entropice.types import BoolArray, DataFrame, Float32Array, FloatArray

SATELLITES: Final = ("aqua", "terra")
LAND: Final = 75
"""What the land mask says of land."""

CLOUD_FROM: Final = 100
"""Display value of band 7 from which on a pixel is cloud; ice and snow are below 40, most cloud is above 90."""

MOSTLY, HARDLY = 0.8, 0.1
"""Shares of a tile."""

CONFIDENT_FROM: Final = 0.8
BLOCK_PX: Final = 64
N_BOOTSTRAP: Final = 1000
N_DIFFERENCED: Final = 40
"""Training pairs, and pixels of either class of each, that image differencing learns from."""

Function = Callable[[Float32Array], Float32Array]


@dataclass(frozen=True, eq=False)
class Scenes:
    """Two scenes of one place.

    Attributes
    ----------
    images
        In true colour, by satellite.
    cloud
        Where band 7 is bright, by satellite; (row, column).
    land
        Same shape.
    """

    images: Mapping[str, Image]
    cloud: Mapping[str, BoolArray]
    land: BoolArray


def read_scenes(folder: Path) -> Scenes:
    """Both scenes with their masks."""
    images = {name: read_image(folder / f"20220914.{name}.truecolor.250m.tiff", TRUE_COLOUR)[0] for name in SATELLITES}
    band_7 = {name: _first_band(folder / f"20220914.{name}.reflectance.250m.tiff") for name in SATELLITES}
    cloud = {name: values >= CLOUD_FROM for name, values in band_7.items()}
    return Scenes(images, cloud, _first_band(folder / "landmask.tiff") == LAND)


def _first_band(path: Path) -> Any:
    with rasterio.open(path) as file:
        return file.read(1)


def tiles_of(values: Any, n_pixels: int) -> Any:
    """Squares (n, …, n_pixels, n_pixels) of planes (…, row, column), each half over the next."""
    step = max(n_pixels // 2, 1)
    n_rows, n_columns = values.shape[-2:]
    corners = [
        (row, column)
        for row in range(0, n_rows - n_pixels + 1, step)
        for column in range(0, n_columns - n_pixels + 1, step)
    ]
    return np.stack([values[..., row : row + n_pixels, column : column + n_pixels] for row, column in corners])


@dataclass(frozen=True, eq=False)
class IceTypes:
    """A network that names types of ice.

    Attributes
    ----------
    says
        Standardised images (n, band, row, column) to logits (n, class).
    thick
        Number of the class of thick ice.
    """

    says: Function
    statistics: BandStatistics
    calibration: ClassCalibration
    familiar: Familiar
    alarm: Alarm
    thick: int
    n_pixels: int


def answers(image: Image, types: IceTypes) -> tuple[FloatArray, BoolArray]:
    """Chances (n, class) of the tiles of an image, and for which of them the alarm rings."""
    inputs = tiles_of(standardised(image, types.statistics), types.n_pixels)
    chances = softmax(types.calibration.logits(types.says(inputs).astype(np.float64)), axis=1)
    return chances, types.alarm.rings(types.familiar.strangeness(character_columns(inputs)))


def type_table(scenes: Scenes, types: IceTypes) -> DataFrame:
    """What is said of tiles of sea below cloud, partly below cloud, and clear.

    Returns
    -------
    DataFrame
        ``satellite sky n thick thick_confident thick_confident_left rung``: tiles, and shares of them: said to be thick
        ice; so with confidence, without and with the alarm; that ring it.
    """
    is_sea = tiles_of(scenes.land, types.n_pixels).mean(axis=(-2, -1)) <= HARDLY
    rows = []
    for satellite, image in scenes.images.items():
        chances, rung = answers(image, types)
        cloudy = tiles_of(scenes.cloud[satellite], types.n_pixels).mean(axis=(-2, -1))
        skies = {"cloud": cloudy >= MOSTLY, "partly": (cloudy > HARDLY) & (cloudy < MOSTLY), "clear": cloudy <= HARDLY}
        for sky, chosen in ((sky, is_sea & where) for sky, where in skies.items()):
            rows.append({"satellite": satellite, "sky": sky, **_shares(chances[chosen], rung[chosen], types.thick)})
    return pd.DataFrame(rows)


def _shares(chances: FloatArray, rung: BoolArray, thick: int) -> dict[str, float]:
    n_tiles = max(len(chances), 1)
    is_thick = chances.argmax(axis=1) == thick
    confident = is_thick & (chances[:, thick] >= CONFIDENT_FROM)
    counted = {
        "thick": is_thick,
        "thick_confident": confident,
        "thick_confident_left": confident & ~rung,
        "rung": rung,
    }
    return {"n": len(chances), **{name: float(which.sum() / n_tiles) for name, which in counted.items()}}


@dataclass(frozen=True, eq=False)
class Change:
    """Models that mark changes, by name the network first.

    Attributes
    ----------
    says
        A standardised pair (2, band, row, column) to logits (row, column), by model.
    thresholds
        Logit from which on something has changed, by model.
    """

    says: Mapping[str, Function]
    thresholds: Mapping[str, float]
    statistics: BandStatistics


def change_table(scenes: Scenes, change: Change) -> DataFrame:
    """False change over all land and over land that is clear in both scenes: ``ground`` and `false_change_table`."""
    before, after = (_whole(standardised(scenes.images[name], change.statistics)) for name in SATELLITES)
    pair = np.stack([before, after])
    said = {name: says(pair) >= change.thresholds[name] for name, says in change.says.items()}
    clear = ~(scenes.cloud["aqua"] | scenes.cloud["terra"])
    tables = []
    for ground, where in (("land", scenes.land), ("clear land", scenes.land & clear)):
        counts = {name: unchanged_counts(values, _whole(where), BLOCK_PX) for name, values in said.items()}
        weights = block_replicates(len(next(iter(counts.values()))), 0, N_BOOTSTRAP)
        tables.append(false_change_table(counts, weights).assign(ground=ground))
    return pd.concat(tables, ignore_index=True)


def _whole(values: Any) -> Any:
    """As many rows and columns as networks can halve five times."""
    n_rows, n_columns = (n // 32 * 32 for n in values.shape[-2:])
    return values[..., :n_rows, :n_columns]


def ice_types(grid: Path, task: str, thick: int) -> IceTypes:
    """The network of a finished task, with its calibration and its alarm."""
    from entropice.io import ArraysDataset, NetworkDataset
    from entropice.networks.export import network_of
    from entropice.networks.inference import predictor
    from entropice.networks.machine import Machine
    from entropice.pipelines.kinds.image_class.judging import NETWORK, alarm_of

    network = NetworkDataset(filepath=str(grid / f"06_models/{task}_network")).load()
    checkpoint, machine = network.checkpoint, Machine()
    built = network_of(checkpoint, network.path)
    held_out = ArraysDataset(filepath=str(grid / f"07_model_output/{task}_held_out")).load()
    familiar, alarm = alarm_of(ArraysDataset(filepath=str(grid / f"07_model_output/{task}_alarm")).load())
    calibration = _json(grid / f"07_model_output/{task}_calibration.json")[NETWORK]
    return IceTypes(
        under_symmetries(predictor(built, checkpoint.weights, machine), held_out.metadata["n_symmetries"]),
        _statistics(grid, task),
        ClassCalibration.from_json(calibration),
        familiar,
        alarm,
        thick,
        checkpoint.specification.n_pixels,
    )


def ice_change(grid: Path, task: str) -> Change:
    """The network of a finished task, and image differencing that is fitted to the same training pairs.

    Thresholds of both follow one rule on the same validation pairs.
    """
    from entropice.io import NetworkDataset
    from entropice.networks.export import network_of
    from entropice.networks.inference import predictor
    from entropice.networks.machine import Machine
    from entropice.pipelines.kinds.change.judging import NETWORK, threshold_of
    from entropice.sources.imagery.tile_pairs import TilePairs

    network = NetworkDataset(filepath=str(grid / f"06_models/{task}_network")).load()
    says = predictor(network_of(network.checkpoint, network.path), network.checkpoint.weights, Machine())
    splits = pd.read_parquet(grid / f"05_model_input/{task}_splits.parquet")
    view = SampleView(TilePairs(grid / f"03_primary/{task}_images", TRUE_COLOUR.name), _statistics(grid, task), 0)
    calibration = _json(grid / f"07_model_output/{task}_calibration.json")[NETWORK]
    differs, threshold = differencing(view, splits, calibration["threshold"]["rule"])
    return Change(
        {NETWORK: lambda pair: says(pair[None])[0, 0], DIFFERENCE: differs},
        {NETWORK: threshold_of(calibration), DIFFERENCE: threshold},
        _statistics(grid, task),
    )


def differencing(view: SampleView, splits: DataFrame, rule: str) -> tuple[Function, float]:
    """Plain image differencing, and its threshold by a rule on the validation pairs."""
    model = next(each for each in PAIR_MODELS if each.name == DIFFERENCE)
    learned = splits.loc[splits["split"] == TRAIN, "key"].head(N_DIFFERENCED)
    seen = (view.seen([key]) for key in learned)
    pairs = ((inputs[0], target[0] > 0, scored[0]) for inputs, target, scored in seen)
    fitted = fit_pixel_model(model, pairs, N_DIFFERENCED, seed=0)
    tiles = splits[splits["split"] == VALIDATION]
    _, counts = counts_by_block(
        view,
        list(tiles["key"]),
        tiles["block"].to_numpy(np.uint64),
        {DIFFERENCE: lambda inputs: np.stack([fitted.logits(each) for each in inputs])},
        batch_size=8,
    )
    steps = steps_of_counts(counts[DIFFERENCE])
    return fitted.logits, choose_threshold(steps, natural_ratio(steps), rule_named(rule)).logit


def _statistics(grid: Path, task: str) -> BandStatistics:
    path = grid / f"05_model_input/{task}_statistics.json"
    document = _json(path)
    return from_document(document, path, document["dataset_version"], RGB)


def _json(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def cpu_ms(says: Function, n_pixels: int, n_images: int = 16) -> float:
    """CPU time in ms that one image takes, the lowest of three rounds."""
    inputs = np.random.default_rng(0).normal(size=(n_images, len(RGB), n_pixels, n_pixels)).astype(np.float32)
    return 1000 * interleaved_minima({"says": lambda: says(inputs)}, 3)["says"] / n_images


def _rows(table: DataFrame, names: Sequence[str]) -> list[list[str]]:
    return [[_told(row[name]) for name in names] for _, row in table.iterrows()]


def _told(value: Any) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.3f}"
    return "" if value is None else str(value)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grid", type=Path, required=True, help="folder of the grid and size of a finished run")
    parser.add_argument("--scenes", type=Path, required=True, help="modis_sea_ice of the shared fixtures")
    parser.add_argument("--types", default="ice_types", help="task that names types of ice")
    parser.add_argument("--thick", type=int, default=2, help="number of the class of thick ice")
    parser.add_argument("--change", default="ice_change", help="task that marks changes")
    arguments = parser.parse_args()
    scenes, types = read_scenes(arguments.scenes), ice_types(arguments.grid, arguments.types, arguments.thick)
    said = type_table(scenes, types)
    print(markdown_table(list(said.columns), _rows(said, list(said.columns))))  # noqa: T201
    changed = change_table(scenes, ice_change(arguments.grid, arguments.change))
    columns = ["ground", "model", "compared_with", "value", "low_95", "high_95", "n_blocks", "n"]
    print(markdown_table(columns, _rows(changed, columns)))  # noqa: T201
    print(f"{cpu_ms(types.says, types.n_pixels):.1f} CPU ms an image. {circumstances()}")  # noqa: T201


if __name__ == "__main__":
    main()
