"""Runs, their cells and their layers, over HTTP."""

import io

import geopandas as gpd
import numpy as np
import pytest
import requests
import shapely
from served_runs import CELLS_RUN, ICE_RUN, Server, manifest_of

from entropice.runs import Run, open_run

YEAR = 2022


@pytest.fixture(scope="module")
def run(root) -> Run:
    return open_run(root / CELLS_RUN)


def test_all_runs_are_listed_with_their_versions(root, get) -> None:
    runs = {one["id"]: one for one in get("runs").json()["runs"]}

    assert runs.keys() == {CELLS_RUN, ICE_RUN}
    assert [runs[name]["kind"] for name in (CELLS_RUN, ICE_RUN)] == ["cells", "images"]
    assert runs[ICE_RUN]["version"] == manifest_of(root, ICE_RUN)["run_id"]
    assert all(one["is_available"] and one["refused"] is None for one in runs.values())


def test_a_run_tells_its_manifest_in_short(root, get) -> None:
    of_cells, of_images = get(f"runs/{CELLS_RUN}").json(), get(f"runs/{ICE_RUN}").json()

    assert of_cells["summary"]["years"] == [2021, 2022]
    assert "p_any_rts_2022" in of_cells["layers"]
    assert of_images["models"] == [f"{ICE_RUN}:ice_types"]
    assert [task["name"] for task in of_images["summary"]["tasks"]] == ["ice_motion", "ice_types"]
    assert "parameters" not in of_images["summary"]


def test_cells_of_a_box_are_those_whose_middle_is_in_it(get, run: Run) -> None:
    cells = run.cells(YEAR)
    inside = cells[(np.abs(cells["lon_deg"]) >= 150) & (cells["lat_deg"] >= 85)]

    answer = get(f"runs/{CELLS_RUN}/cells", bbox="150,85,-150,90").json()

    assert answer["year"] == YEAR
    assert answer["n_found"] == len(inside) > 3
    told = {int(cell["cell_id"], 16): cell["p_any_rts"] for cell in answer["cells"]}
    assert told == inside["p_any_rts"].to_dict()


def test_cells_come_in_pages(get, run: Run) -> None:
    whole = get(f"runs/{CELLS_RUN}/cells", limit=10_000).json()
    pages = [get(f"runs/{CELLS_RUN}/cells", limit=40, offset=40 * page).json()["cells"] for page in range(3)]

    assert whole["n_found"] == len(whole["cells"]) == len(run.cells())
    assert [cell for page in pages for cell in page] == whole["cells"][:120]
    assert get(f"runs/{CELLS_RUN}/cells", offset=10**9).json()["cells"] == []


def test_a_cell_tells_probabilities_doubts_and_drivers_by_year(get, run: Run) -> None:
    cell_id = int(run.cells().index[7])
    spelt = format(cell_id, "x")

    cell = get(f"runs/{CELLS_RUN}/cells/{spelt}").json()

    assert cell["cell_id"] == spelt
    for year in (2021, 2022):
        values, told = run.cells(year).loc[cell_id], cell["years"][str(year)]
        assert told["probabilities"] == {name: values[f"p_{name}"] for name in run.class_names}
        assert told["p_any_rts"] == values["p_any_rts"]
        assert told["doubts"]["p_any_low"] == values["p_any_low"]
        assert [one["feature"] for one in told["drivers"]] == [values[f"driver_{rank}"] for rank in (1, 2, 3)]
        assert told["drivers"][0]["share"] == values["driver_1_share"]
    assert get(f"runs/{CELLS_RUN}/cells", cell_id=spelt).json()["cells"][0]["cell_id"] == spelt


@pytest.mark.parametrize(
    ("path", "query", "status", "field"),
    [
        ("cells", {"bbox": "0,90,1,80"}, 422, "min_lat, max_lat"),
        ("cells", {"bbox": "0,80,1,81", "cell_id": "83"}, 422, "bbox, cell_id"),
        ("cells", {"year": "1999"}, 404, "year"),
        ("cells", {"limit": "0"}, 422, "limit"),
        ("cells", {"cell_id": "no cell"}, 422, "cell_id"),
        ("cells/83000", {}, 404, "cell"),
        ("cells/-1", {}, 404, "cell"),
        ("cells/0x83", {}, 422, "cell_id"),
        ("cells/" + "f" * 60, {}, 404, "cell"),
        ("layers/none.parquet", {}, 404, "layer"),
        ("layers/cells.gpkg", {}, 404, "request"),
    ],
)
def test_what_is_not_there_is_refused(get, path: str, query, status: int, field: str) -> None:
    response = get(f"runs/{CELLS_RUN}/{path}", **query)

    assert (response.status_code, response.json()["error"]["field"]) == (status, field)


def test_a_run_of_images_has_no_cells(get) -> None:
    assert get(f"runs/{ICE_RUN}/cells").status_code == 404
    assert get(f"runs/{ICE_RUN}/cells/83").json()["error"]["what"] == "The run is of images and has no cells."


@pytest.mark.parametrize("name", ["cells", "slumps", "p_any_rts_2022"])
def test_a_layer_of_cells_is_the_run_s_own_table(get, run: Run, name: str) -> None:
    response = get(f"runs/{CELLS_RUN}/layers/{name}.parquet")
    layer = gpd.read_parquet(io.BytesIO(response.content))

    expected = run.context("slumps") if name == "slumps" else run.frame("cells")
    assert len(layer) == len(expected)
    assert shapely.equals(layer.geometry.to_numpy(), expected.geometry.to_numpy()).all()
    assert name in layer or name in ("cells", "slumps")


def test_geojson_is_in_degrees_and_cut_at_180(get, run: Run) -> None:
    response = get(f"runs/{CELLS_RUN}/layers/p_any_rts_2022.geojson")
    assert response.headers["content-type"] == "application/geo+json"
    layer = gpd.GeoDataFrame.from_features(response.json()["features"], crs="EPSG:4326")

    widths_deg = layer.geometry.explode().bounds.eval("maxx - minx")
    around_pole = layer.geometry.explode().bounds["maxy"] > 89.9
    assert widths_deg[~around_pole].max() < 180
    areas = layer.to_crs("EPSG:6931").area
    np.testing.assert_allclose(areas[:200], run.frame("cells").to_crs("EPSG:6931").area[:200], rtol=2e-3)
    assert layer["cell_id"].map(int).tolist() == run.frame("cells")["cell_id"].tolist()


def test_a_raster_is_points_with_their_values(get, root) -> None:
    layer = gpd.read_parquet(io.BytesIO(get(f"runs/{ICE_RUN}/layers/ice_motion_day_1.parquet").content))
    as_text = get(f"runs/{ICE_RUN}/layers/ice_motion_day_1.geojson").json()

    assert len(layer) == len(as_text["features"]) > 5000
    assert layer.crs.to_epsg() == 3413
    assert layer["value"].between(0, 1).all()
    assert as_text["features"][0]["properties"]["value"] == pytest.approx(layer["value"].iloc[0])


@pytest.mark.parametrize(
    "path",
    [
        "runs/..%2f..%2fetc", "runs/%2e%2e/cells", "runs/cells%2f..%2fice/cells", "runs/ice/08_reporting/run",
        "runs/cells/layers/..%2fmanifest.parquet", "runs/cells/layers/%2fetc%2fpasswd.geojson",
        "runs/cells/cells/..%2f..%2fmanifest.json", "runs/cells%00", "../manifest.json", "runs/cells/run.gpkg",
    ],
)  # fmt: skip
def test_no_path_of_a_request_reaches_the_files(server: Server, path: str) -> None:
    request = requests.Request("GET", server.address).prepare()
    request.url = server.url(path)
    with requests.Session() as session:
        response = session.send(request, timeout=30)

    assert response.status_code in {404, 422}
    assert response.json()["error"]["what"]


def test_other_methods_and_paths_are_refused_as_json(server: Server) -> None:
    assert requests.delete(server.url("runs"), timeout=30).json()["error"]["what"] == "Method Not Allowed."
    assert requests.get(f"{server.address}/nothing", timeout=30).json()["error"]["what"] == "Not Found."


def test_another_name_of_this_machine_is_refused(server: Server) -> None:
    response = requests.get(server.url("runs"), headers={"Host": "rebound.example.org"}, timeout=30)

    assert response.status_code == 400
    assert response.json()["error"]["field"] == "Host"
    assert requests.get(server.url("runs").replace("127.0.0.1", "localhost"), timeout=30).status_code == 200


def test_health_tells_what_is_served(get) -> None:
    health = get("health").json()

    assert (health["status"], health["n_runs"], health["n_models"]) == ("ok", 2, 1)
    assert (health["refused"], health["pending"]) == ({}, {})
