import copy
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

YEARS = (2021, 2022)
CLASS_COLOURS = {"none": "#d5dee6", "few": "#fec44f", "some": "#ec7014", "many": "#7f2704"}
OVERVIEW = "overview_p_any_rts_2022.tif"

STEPS = {"kind": "graduated", "breaks": [0.0, 0.1, 0.25, 1.0], "colours": ["#fff7d1", "#fe9929", "#7f2704"]}
CLASSES = {
    "kind": "categorical",
    "categories": [{"value": name, "label": name, "colour": colour} for name, colour in CLASS_COLOURS.items()],
    "other": None,
}
STATES = {
    "kind": "categorical",
    "categories": [
        {"value": "observed_with", "label": "observed, with slumps", "colour": "#b2480a"},
        {"value": "observed_without", "label": "observed, without slumps", "colour": "#bcd4e6"},
        {"value": "unobserved", "label": "unobserved", "colour": "#9c9c9c"},
    ],
    "other": None,
}
DRIVERS = {
    "kind": "categorical",
    "categories": [{"value": "elevation_mean_m", "label": "mean elevation", "colour": "#0072b2"}],
    "other": {"label": "other (1)", "colour": "#a8a8a8"},
}
OUTLINES = {"kind": "single", "fill": None, "stroke": "#b2480a", "stroke_width_mm": 0.3}
LAND = {"kind": "single", "fill": "#efefec", "stroke": "#c9c9c4", "stroke_width_mm": 0.1}


def layer(quantity: str, title: str, year: int | None = None, **changes: Any) -> dict[str, Any]:
    """One layer of the table of cells: dimensionless, told and not drawn, unless `changes` say so."""
    column = quantity if year is None else f"{quantity}_{year}"
    values = {
        "name": column,
        "table": "cells",
        "column": column,
        "quantity": quantity,
        "year": year,
        "title": title,
        "description": "",
        "unit": "1",
        "group": "prediction",
        "on_map": False,
        "is_default": False,
        "format": "number",
        "scale": None,
        "overview": None,
    }
    return values | changes


def layers_of_year(year: int) -> list[dict[str, Any]]:
    latest = {"is_default": True, "overview": OVERVIEW} if year == YEARS[-1] else {}
    text = {"unit": None, "format": "text"}
    return [
        layer("p_any_rts", "Probability of any slump", year, format="percent", on_map=True, scale=STEPS, **latest),
        layer("class", "Most probable class", year, **text, on_map=True, scale=CLASSES),
        layer("entropy", "Entropy of the class probabilities", year, on_map=True, scale=STEPS),
        *(layer(f"p_{name}", f"Probability of class {name}", year, format="percent") for name in CLASS_COLOURS),
        layer("expected_rts_area_fraction", "Expected slump area per land area", year),
        layer("state", "What was observed", year, **text, group="observation", on_map=True, scale=STATES),
        layer("rts_count", "Slumps counted", year, group="observation"),
        layer("rts_per_km2", "Slumps per observed land area", year, unit="km-2", group="observation"),
        layer("driver_1", "Leading driver", year, **text, group="drivers", on_map=True, scale=DRIVERS),
        layer("driver_1_share", "Share of the driver of rank 1", year, group="drivers", format="percent"),
        layer("driver_1_contribution", "Contribution of the driver of rank 1", year, group="drivers"),
        layer("driver_2", "Driver of rank 2", year, **text, group="drivers"),
        layer("driver_2_share", "Share of the driver of rank 2", year, group="drivers", format="percent"),
        layer("p_any_low", "Lower end of the probability", year, group="doubt", format="percent"),
        layer("p_any_high", "Upper end of the probability", year, group="doubt", format="percent"),
        layer("applicability", "Where the map may be trusted", year, **text, group="doubt"),
        layer("not_applicable_because", "Why not to trust it", year, **text, group="doubt"),
        layer("observed_fraction", "Observed share of the land", year, group="observation", format="percent"),
    ]


def around(name: str, title: str, scale: dict[str, Any]) -> dict[str, Any]:
    changes = {"column": None, "unit": None, "group": "context", "format": "text", "on_map": True}
    return layer(name, title, table=name, scale=scale, **changes)


def table(name: str, role: str, n_rows: int, columns: list[str]) -> dict[str, Any]:
    described = [{"name": column, "type": "real", "unit": None, "description": "A column."} for column in columns]
    geometry = None if role == "attributes" else "MultiPolygon"
    return {
        "table": name,
        "title": name.capitalize(),
        "geometry": geometry,
        "role": role,
        "n_rows": n_rows,
        "columns": described,
    }


def geopackage(tables: Sequence[dict[str, Any]]) -> bytes:
    """A SQLite file that says it is a GeoPackage, with empty tables."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA application_id = {int.from_bytes(b'GPKG', 'big')}")
        for described in tables:
            columns = ["fid", *(column["name"] for column in described["columns"])]
            connection.execute(f'CREATE TABLE "{described["table"]}" ({", ".join(columns)})')
        return connection.serialize()


OF_CELLS = [
    *(item for year in reversed(YEARS) for item in layers_of_year(year)),
    layer("lon_deg", "Longitude of the centre", unit="degrees_east", group="cell"),
    layer("lat_deg", "Latitude of the centre", unit="degrees_north", group="cell"),
    layer("area_m2", "Area", unit="m2", group="cell"),
    layer("land_fraction", "Share of land", group="cell", format="percent"),
]
TABLES = [
    table("cells", "cells", 3, ["cell_id", *(item["column"] for item in OF_CELLS)]),
    table("slumps", "context", 2, ["rts_id", "year", "area_m2"]),
    table("land", "context", 1, []),
    table("scores", "attributes", 1, ["scheme", "model", "score", "value"]),
    table("drivers", "attributes", 0, ["feature", "weight"]),
    table("out_of_fold", "attributes", 9, ["cell_id"]),
]
FILES = {"run.gpkg": geopackage(TABLES), OVERVIEW: b"pixels", "report.html": b"<html>"}


def feature(name: str, title: str) -> dict[str, Any]:
    about = {"unit": "1", "group": "terrain", "source": "ArcticDEM", "statistic": "mean", "years": "2007 to 2022"}
    return {"name": name, "long_name": title, **about, "scale_factor": None}


def recorded(name: str, content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "name": name}


@pytest.fixture
def manifest_values() -> dict[str, Any]:
    """A complete manifest, as docs/run-folder.md and the JSON schema say."""
    values = {
        "schema": "entropice-run/2",
        "run_id": "0123456789abcdef",
        "entropice_version": "0.1.0",
        "title": "Virtual Arctic",
        "description": "A world.",
        "purpose": "model",
        "notice": "",
        "grid": {"key": "h3_4", "grid_name": "h3", "level": 4},
        "crs": "EPSG:3413",
        "n_cells": 3,
        "years": list(YEARS),
        "year_names": {str(year): f"summer {year}" for year in YEARS},
        "classes": {
            "names": list(CLASS_COLOURS), "edges": [1e-5, 1e-4], "mean_rts_area_fraction": [0, 1e-6, 1e-5, 1e-3],
        },
        "map_model": {"name": "espa", "title": "eSPA", "chosen": None},
        "models": [{"name": "espa", "title": "eSPA", "is_reference": False}],
        "schemes": [{"name": "spatial", "title": "Spatial folds"}],
        "score_names": [{"name": "auc", "title": "AUC", "bigger_is_better": True}],
        "beaten": None,
        "leaks": {"statement": "1 signs of leaks were looked for, none found.", "checks": ["a leak"], "findings": []},
        "composition": {"world": "virtual", "labels": "darts", "features": ["arcticdem"]},
        "features": [feature("elevation_mean_m", "mean elevation"), feature("northness_mean", "mean northness")],
        "scores": [],
        "drivers": [],
        "parameters": {},
        "seeds": {},
        "versions": {},
        "code_sha256": "0" * 64,
        "inputs": [],
        "intermediates": [],
        "settings": {},
        "files": [recorded(name, content) for name, content in FILES.items()],
        "attributions": ["A survey"],
        "rebuild_command": "kedro run",
        "tables": TABLES,
        "layers": [
            around("slumps", "Slump outlines", OUTLINES),
            *OF_CELLS,
            around("land", "Land", LAND),
        ],
        "overviews": [
            {"file": OVERVIEW, "layer": "p_any_rts_2022", "year": 2022, "title": "all", "pixel_size_m": 10000.0}
        ],
        "a key of a later minor version": {"is": "ignored"},
    }  # fmt: skip
    return copy.deepcopy(values)


@pytest.fixture
def write_run(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    def write(values: dict[str, Any]) -> Path:
        folder = tmp_path / "run"
        folder.mkdir()
        for name, content in FILES.items():
            (folder / name).write_bytes(content)
        (folder / "manifest.json").write_text(json.dumps(values), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def run_folder(write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]) -> Path:
    return write_run(manifest_values)


def imaged_tables(task: str) -> list[dict[str, Any]]:
    """Outlines and tiles of a task."""
    outlines = ["outline_id", "year", "tile", "area_m2", "area_sd_m2", "p", "p_pixels"]
    tiles = ["tile", "year", "cell_id", "is_best", "inclusion", "expected", "n_found", "expected_found", "seen_area_m2"]
    return [table(f"{task}_outlines", "context", 5, outlines), table(f"{task}_tiles", "context", 4, tiles)]


@pytest.fixture
def imaged_values(manifest_values: dict[str, Any]) -> dict[str, Any]:
    """The manifest of a run with a task, ``seen``, that has all of its quantities."""
    quantities = {
        "expected_per_km2": {"unit": "km-2"},
        "gate": {"unit": None, "format": "text"},
        "imaged_fraction": {"format": "percent"},
        **{name: {"unit": "km-2"} for name in ("found_per_km2", "found_low_90", "found_high_90")},
        **{name: {"unit": "m2 a-1"} for name in ("growth_m2_per_year", "growth_low_90", "growth_high_90")},
        "look_next_rank": {},
    }
    of_cells = [layer(f"seen_{own}", own, None, **changes) for own, changes in quantities.items()]
    manifest_values["layers"] += of_cells
    manifest_values["tables"] = [*manifest_values["tables"], *imaged_tables("seen")]
    cells = manifest_values["tables"][0]
    cells["columns"] += [{"name": item["column"], "type": "real", "unit": None, "description": ""} for item in of_cells]
    manifest_values["tasks"] = [
        {
            "name": "seen",
            "title": "Slumps in images",
            "kind": "segmentation",
            "nouns": "slumps",
            "years": [2019, 2022],
            "gate": {"bound": 0.05, "threshold_per_km2": 0.004, "missed_share": 0.03, "n_blocks": 40},
            "n_tiles": 3,
            "n_outlines": 5,
            "tables": ["seen_outlines", "seen_tiles"],
            "quantities": [f"seen_{own}" for own in quantities],
            "a key of a later version": 1,
        }
    ]
    return manifest_values
