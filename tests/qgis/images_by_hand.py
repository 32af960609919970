"""A run of images as the pipeline writes it (docs/run-folder.md), made without the package, which QGIS doesn't have."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()

N_DAYS = 7
N_PIXELS = 96
PIXEL_M = 25_000.0
LEFT_M = TOP_M = 1_200_000.0
FIRST_DAY = date(2024, 3, 1)
STOPS = [(0.0, "#08306b"), (0.5, "#6caed6"), (1.0, "#f7fbff")]
TYPES = [(0, "open water", "#0b3c6f"), (1, "thin ice", "#5aa9c9"), (2, "thick ice", "#f2f6f8")]
CARD = """# Ice motion: model card

## What it is

What will be seen next.

| MSE | ours |
| --- | --- |
| day 1 | 0.004 |
"""


def make_images(folder: Path) -> Path:
    """Seven days of ice and a map of types, in a folder that does not exist yet."""
    for name in ("layers", "model_cards", "scores"):
        (folder / name).mkdir(parents=True)
    layers = [_day(folder, day) for day in range(1, N_DAYS + 1)]
    layers.append(_types(folder))
    for task in ("ice_motion", "ice_types"):
        (folder / "model_cards" / f"{task}.md").write_text(CARD, encoding="utf-8")
        (folder / "scores" / f"{task}.csv").write_text("model,value\nnetwork,0.004\n", encoding="utf-8")
    (folder / "report.html").write_text("<!DOCTYPE html><title>Ice</title>", encoding="utf-8")
    write_manifest(folder, layers)
    return folder


def concentration(day: int) -> np.ndarray:
    """Ice that drifts to the right by three pixels a day; NaN in a corner."""
    rows, columns = np.mgrid[:N_PIXELS, :N_PIXELS]
    ice = 0.5 + 0.5 * np.sin((columns - 3 * day) / 8) * np.cos(rows / 11)
    return np.where(rows + N_PIXELS - columns < 30, np.nan, ice).astype(np.float32)


def _day(folder: Path, day: int) -> dict[str, Any]:
    begins = FIRST_DAY + timedelta(day - 1)
    name = f"day_{day}"
    file = write_raster(folder / f"layers/ice_motion_{name}.tif", concentration(day))
    stops = [{"value": value, "colour": colour} for value, colour in STOPS]
    style = {"kind": "ramp", "low": 0.0, "high": 1.0, "palette": "Blues_r", "stops": stops}
    held = {"begins": begins.isoformat(), "ends": (begins + timedelta(1)).isoformat()}
    return _layer(name, file, "ice_motion", "Forecast", style) | held


def _types(folder: Path) -> dict[str, Any]:
    ice = concentration(0)
    types = np.where(np.isnan(ice), np.nan, np.digitize(ice, [0.2, 0.6])).astype(np.float32)
    file = write_raster(folder / "layers/ice_types_types.tif", types)
    entries = [{"value": value, "title": title, "colour": colour} for value, title, colour in TYPES]
    return _layer("types", file, "ice_types", "Types of ice", {"kind": "categories", "categories": entries})


def _layer(name: str, file: str, task: str, title: str, style: dict[str, Any]) -> dict[str, Any]:
    place = {"left_m": -LEFT_M, "top_m": TOP_M, "pixel_m": PIXEL_M, "begins": None, "ends": None}
    words = {"title": title, "description": "Made up.", "unit": "1"}
    return {"name": name, "file": file, "task": task, "style": style} | words | place


def write_raster(path: Path, values: np.ndarray) -> str:
    """A GeoTIFF in its place; returns its name in the run folder."""
    polar = osr.SpatialReference()
    polar.ImportFromEPSG(3413)
    rows, columns = values.shape
    options = ["COMPRESS=DEFLATE", "TILED=YES"]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, gdal.GDT_Float32, options)
    dataset.SetProjection(polar.ExportToWkt())
    dataset.SetGeoTransform((-LEFT_M, PIXEL_M, 0, TOP_M, 0, -PIXEL_M))
    dataset.GetRasterBand(1).SetNoDataValue(float("nan"))
    dataset.GetRasterBand(1).WriteArray(values)
    del dataset  # closes the file
    return f"layers/{path.name}"


def write_manifest(folder: Path, layers: list[dict[str, Any]]) -> None:
    """The manifest of what lies in a folder."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    entries = [
        {
            "name": file.relative_to(folder).as_posix(),
            "bytes": file.stat().st_size,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in files
    ]
    manifest = {
        "schema": "entropice-images/1", "run_id": "0123456789abcdef", "entropice_version": "0", "title": "Sea ice",
        "description": "Made up.", "purpose": "plumbing check", "notice": "Made up: nothing here is of real ice.",
        "attributions": ["Nobody."], "rebuild_command": "kedro run --env sea_ice", "crs": "EPSG:3413",
        "composition": {}, "tasks": [_task("ice_motion", "Ice motion"), _task("ice_types", "Ice types")],
        "layers": layers, "parameters": {}, "seeds": {}, "inputs": [], "intermediates": [], "settings": {},
        "versions": {}, "code_sha256": "ab", "files": entries,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def describe_inventory(
    folder: Path, file: str, tables: list[tuple[str, str, int, list[str]]], years: tuple[int, ...], stroke: str
) -> None:
    """Let the manifest tell of an inventory of the last task; tables are name, title, rows and columns."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    content = (folder / file).read_bytes()
    manifest["files"].append({"name": file, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    manifest["tasks"][-1]["inventory"] = {
        "file": file, "layer": tables[0][0], "begins": "begins", "ends": "ends", "years": list(years),
        "style": {"kind": "single", "fill": None, "stroke": stroke, "stroke_width_mm": 0.4},
        "tables": [
            {
                "table": name, "title": title, "geometry": None if place else "MultiPolygon",
                "role": "attributes" if place else "context", "n_rows": n_rows,
                "columns": [{"name": one, "type": "text", "unit": None, "description": ""} for one in columns],
            }
            for place, (name, title, n_rows, columns) in enumerate(tables)
        ],
    }  # fmt: skip
    path.write_text(json.dumps(manifest), encoding="utf-8")


def _task(name: str, title: str) -> dict[str, Any]:
    def score(model: str, other: str | None, day: int, value: float) -> dict[str, Any]:
        return {
            "model": model, "compared_with": other, "score": "mse", "part": "space", "horizon": float(day),
            "value": value, "low_95": value - 0.0005, "high_95": value + 0.0005, "n_blocks": 9, "n": 100,
        }  # fmt: skip

    scores = [
        row
        for day in range(1, N_DAYS + 1)
        for row in (
            score("network", None, day, 0.0035 * day), score("persistence", None, day, 0.0045 * day),
            score("network", "persistence", day, -0.001 * day),
        )
    ]  # fmt: skip
    models = [{"name": "network", "title": "the network"}, {"name": "persistence", "title": "persistence"}]
    return {
        "name": name, "title": title, "kind": "frames", "kind_title": "What will be seen next", "source": "virtual_ice",
        "source_title": "the virtual ocean", "models": models, "scores": scores, "expectations": [],
        "score_names": [{"name": "mse", "title": "mean squared error", "best": 0.0, "unit": "1"}],
        "scores_file": f"scores/{name}.csv", "model_card": f"model_cards/{name}.md",
    }  # fmt: skip
