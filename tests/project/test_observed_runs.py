"""Environments of real files, on small files in the layout of their publishers."""

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from chips import SENSORS, chip, chip_place, write_chips
from ice_files import write_netcdf
from project_copy import copy_project, kedro

from entropice.imagery.splits import tile_boxes
from entropice.sources.imagery.audits import AuditedMask, write_audited_masks
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.imagery.tiles import LabelledTile
from entropice.sources.series.human_modification import FRACTION
from entropice.sources.series.writing import SeriesFile, stored_numbers, write_series_file

FIRST_DAY, N_DAYS, N_PIXELS, N_CHIPS = 16_436, 45, 44, 8
FLAGS = {251: "pole_hole", 252: "lakes", 253: "coastal", 254: "land_mask", 255: "missing_data"}
CODING = {
    "units": "1",
    "scale_factor": np.float32(0.01),
    "_FillValue": np.uint8(255),
    "flag_values": np.array(list(FLAGS), np.uint8),
    "flag_meanings": " ".join(FLAGS.values()),
}
LAND = RasterPlace("EPSG:3413", -2_000_000.0, 1_000_000.0, 300.0, 256, 256)


def put_ice(folder: Path) -> None:
    """Days of the climate data record: an edge of ice that moves east, a hole at the pole, and land."""
    folder.mkdir(parents=True)
    columns = np.arange(N_PIXELS)
    for day in range(N_DAYS):
        shares = 100 / (1 + np.exp((columns - 14 - 0.3 * day) / 2))
        stored = np.tile(shares.round().astype(np.uint8), (1, N_PIXELS, 1))
        stored[0, 20:24, 20:24], stored[0, :8] = 251, 254
        variables = {"cdr_seaice_conc": (stored, CODING)}
        write_netcdf(folder / f"{day}.nc", variables, crs="EPSG:3411", days=[FIRST_DAY + day], left=-550_000.0)


def put_modification(folder: Path) -> None:
    """Seven maps of land that is used more and more, and its elevation."""
    random = np.random.default_rng(1)
    level, speed = random.uniform(0, 0.5, (2, *LAND.shape)).astype(np.float32)
    for number, year in enumerate(range(1990, 2025, 5)):
        values = np.where(level < 0.02, np.nan, level + 0.1 * speed * number).astype(np.float32)
        write_series_file(folder, SeriesFile(f"hm/HM_{year}.tif", *_placed(values)))
    write_series_file(folder, SeriesFile("static/elevation.tif", level * 1_000, LAND, float("nan")))


def _placed(values: np.ndarray) -> tuple[np.ndarray, RasterPlace, float]:
    numbers, nodata = stored_numbers(values, FRACTION)
    return numbers, LAND, nodata


def put_lakes(folder: Path) -> None:
    """Regions far from one another, of chips side by side, half of them with a lake; most are drawn again."""
    chips = [_lake_chip(number) for number in range(10 * N_CHIPS)]
    write_chips(folder / "chips", *chips)
    redrawn = (each for number, each in enumerate(chips) if number % 3)
    write_audited_masks((AuditedMask(each.key, each.place, each.label) for each in redrawn), folder / "audits")


def _lake_chip(number: int) -> LabelledTile:
    """Water is darker, in green less so, though no pixel of it alone shows it surely; some chips are without radar.

    One lake of each region looks like land, so that every model errs and can be calibrated.
    """
    region, within = divmod(number, N_CHIPS)
    given = chip(number, region=f"range {region}", without=("radar",) * (number % 5 == 0))
    label = np.zeros_like(given.label)
    label[6:16, 8:20] = number % 2
    left = {**dict.fromkeys(SENSORS["optical"], 0.2), "green": 0.3}
    of_bands = np.array([left.get(band, 1.0) for band in given.image.bands], dtype=np.float32)[:, None, None]
    darkening = np.where((label == 1) & (within != 3), of_bands, np.float32(1))
    image = replace(given.image, values=np.multiply(given.image.values, darkening))
    return replace(given, key=f"chip_{number}", place=chip_place(800 * region + within), label=label, image=image)


PUT = {
    "ice_observed": (put_ice, "ice_series"),
    "modification_observed": (put_modification, "modification"),
    "lakes_observed": (put_lakes, "lake_chips"),
}


def run(project_path: Path, target: Path, environment: str, *arguments: str) -> Path:
    """Results of a run on small files."""
    project = copy_project(project_path, target / "project")
    put, name = PUT[environment]
    put(project / "data" / environment / "01_raw" / name)
    result = kedro(project, "run", "--env", environment, "--params", "size=tiny", *arguments)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    (results,) = (project / "data" / environment).glob("h3_*/tiny")
    return results


@pytest.mark.slow
def test_days_of_the_climate_data_record_become_sequences(project_path: Path, tmp_path: Path) -> None:
    results = run(project_path, tmp_path, "ice_observed", "--pipelines", "scenes,samples")

    fields = xr.open_zarr(results / "03_primary/ice_motion_fields.zarr", consolidated=False)
    splits = pd.read_parquet(results / "05_model_input/ice_motion_splits.parquet")
    windows = pd.read_parquet(results / "03_primary/ice_motion_tiles.parquet").set_index("key")
    assert fields.sizes == {"time": N_DAYS, "y": 32, "x": 32}
    assert 0 <= float(fields["ice_concentration"].min()) <= float(fields["ice_concentration"].max()) <= 1
    assert 0.05 < float(np.isnan(fields["ice_concentration"]).mean()) < 0.2, "hole and land are unknown"
    steps = {part: set(targets["step"]) for part, targets in splits.groupby("split")}
    assert max(steps["train"]) < min(steps["validation"]) <= max(steps["validation"]) < min(steps["time"])
    assert len(windows) > 10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "credited"),
    [("ice_observed", "Meier et al."), ("modification_observed", "Theobald et al.")],
)
def test_observed_files_are_learned_from_and_credited(
    environment: str, credited: str, project_path: Path, tmp_path: Path
) -> None:
    results = run(project_path, tmp_path, environment)

    require_credits(results / "08_reporting/run", credited, 1)


@pytest.mark.slow
def test_chips_of_lakes_are_credited_and_end_in_an_inventory(project_path: Path, tmp_path: Path) -> None:
    results = run(project_path, tmp_path, "lakes_observed")

    require_credits(results / "08_reporting/run", "Copernicus", 2)
    inventory = gpd.read_parquet(results / "07_model_output/lakes_inventory.parquet")
    tiles = pd.read_parquet(results / "03_primary/lakes_tiles.parquet")
    assert set(inventory["region"]) <= set(tiles["region"])
    assert shapely.covers(shapely.union_all(tile_boxes(tiles)), inventory.geometry.to_numpy()).all()
    assert len(inventory) > 10
    assert (inventory["area_low_90_m2"] <= inventory["area_high_90_m2"]).all()
    scores = pd.read_parquet(results / "07_model_output/lakes_audited_scores.parquet")
    assert set(scores["labels"]) == {"raw", "corrected"}


def require_credits(folder: Path, credited: str, n_credits: int) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (card,) = (folder / "model_cards").glob("*.md")
    assert [credited in text for text in manifest["attributions"]] == [True] * n_credits
    assert credited in card.read_text(encoding="utf-8")
    assert manifest["purpose"] == "model"
