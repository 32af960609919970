"""What appears, changes, breaks and vanishes while a server runs."""

import gc
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import served_runs
from served_runs import CELLS_RUN, ICE, ICE_RUN, TASK, Server, Trained, serving

MODEL = f"{ICE_RUN}:{TASK}"
NETWORK = Path(ICE) / "06_models" / f"{TASK}_network" / "best_model.pth"
CALIBRATION = Path(ICE) / "07_model_output" / f"{TASK}_calibration.json"
RUN = Path(ICE) / "08_reporting" / "run"
WEEK = "predictions/7day?min_lon=0&min_lat=80&max_lon=9&max_lat=81"


def ask(server: Server, path: str) -> requests.Response:
    return requests.get(server.url(path), timeout=30)


def classify(server: Server, content: bytes) -> requests.Response:
    return requests.post(server.url("classify"), files={"image": content}, timeout=30)


def until(is_so: Callable[[], Any]) -> Any:
    """What a question has for an answer once it is one; a server looks some twenty times a second."""
    end_s = time.monotonic() + 60
    while not (answer := is_so()):
        assert time.monotonic() < end_s, "it never came to be so"
        time.sleep(0.02)
    return answer


def damage(path: Path) -> bytes:
    """Turn a bit of a file where it stands; the content before."""
    whole = path.read_bytes()
    broken = bytearray(whole)
    broken[len(broken) // 2] ^= 1
    path.write_bytes(bytes(broken))
    return whole


def refusal(response: requests.Response) -> dict[str, str]:
    assert response.status_code == 503, response.text
    assert int(response.headers["retry-after"]) >= 1
    return response.json()["error"]


def test_an_empty_folder_says_what_is_missing_and_a_new_run_is_taken_up(tmp_path, trained: Trained, tile) -> None:
    with serving(tmp_path) as server:
        assert refusal(classify(server, tile(0)))["what"] == "There is no model yet."
        assert refusal(ask(server, WEEK))["what"] == "There is no forecast yet."
        assert ask(server, "runs").json() == {"runs": []}
        assert ask(server, "health").json()["status"] == "ok"

        served_runs.publish(tmp_path, trained)

        assert until(lambda: classify(server, tile(0)).status_code == 200)
        assert ask(server, WEEK).status_code == 200


def test_a_damaged_network_is_refused_alone_until_it_is_mended(own_root: Path, tile) -> None:
    with serving(own_root) as server:
        before = classify(server, tile(0)).json()
        whole = damage(own_root / NETWORK)

        until(lambda: classify(server, tile(0)).status_code == 503)
        error = refusal(classify(server, tile(0)))

        assert error["what"] == "A file is missing, damaged or was changed after its run."
        assert error["field"] == f"{TASK}_network/best_model.pth"
        assert str(own_root) not in str(error)
        assert ask(server, WEEK).status_code == 200
        assert ask(server, f"runs/{CELLS_RUN}/cells").status_code == 200
        assert ask(server, "health").json()["refused"].keys() == {MODEL}
        (own_root / NETWORK).write_bytes(whole)
        assert until(lambda: classify(server, tile(0)).status_code == 200)
        assert classify(server, tile(0)).json() == before


@pytest.mark.parametrize("name", ["layers/ice_motion_day_3.tif", "manifest.json"])
def test_a_damaged_run_is_refused_and_others_are_not(own_root: Path, name: str) -> None:
    with serving(own_root) as server:
        path = own_root / RUN / name
        whole = damage(path) if name.endswith(".tif") else path.read_bytes()
        if name == "manifest.json":
            path.write_bytes(whole[: len(whole) // 2])

        until(lambda: ask(server, WEEK).status_code == 503)

        assert refusal(ask(server, f"runs/{ICE_RUN}"))["fix"]
        listed = {one["id"]: one["is_available"] for one in ask(server, "runs").json()["runs"]}
        assert listed == {CELLS_RUN: True, ICE_RUN: False}
        assert ask(server, f"runs/{CELLS_RUN}").status_code == 200
        path.write_bytes(whole)
        assert until(lambda: ask(server, WEEK).status_code == 200)


def test_the_old_model_answers_while_a_run_is_made_anew(own_root: Path, trained: Trained, tile) -> None:
    with serving(own_root) as server:
        before = classify(server, tile(0)).json()
        other = own_root.parent / "other"
        served_runs.publish(other, trained, slope=0.5)
        # outputs are made first, each with its record; the manifest that names them comes last
        for name in (f"{CALIBRATION.name}.sha256", CALIBRATION.name):
            (other / CALIBRATION.with_name(name)).replace(own_root / CALIBRATION.with_name(name))

        until(lambda: MODEL in ask(server, "health").json()["pending"])
        assert classify(server, tile(0)).json() == before
        assert ask(server, "health").json()["status"] == "ok"

        (other / RUN / "manifest.json").replace(own_root / RUN / "manifest.json")

        after = until(lambda: (new := classify(server, tile(0)).json())["version"] != before["version"] and new)
        assert after["probabilities"] != before["probabilities"]
        assert until(lambda: not ask(server, "health").json()["pending"])


def test_a_new_manifest_without_its_files_leaves_the_old_run(own_root: Path, trained: Trained) -> None:
    with serving(own_root) as server:
        before = ask(server, f"runs/{ICE_RUN}").json()
        manifest = served_runs.manifest_of(own_root, ICE_RUN) | {"title": "Another title"}
        (raster,) = (file for file in manifest["files"] if file["name"] == "layers/ice_types_types.tif")
        raster["sha256"] = "0" * 64
        (own_root / "new.json").write_text(json.dumps(manifest), encoding="utf-8")
        (own_root / "new.json").replace(own_root / RUN / "manifest.json")

        pending = until(lambda: ask(server, "health").json()["pending"])

        assert pending.keys() == {ICE_RUN}
        during = ask(server, f"runs/{ICE_RUN}").json()
        assert during["pending"]["field"] == "layers/ice_types_types.tif"
        assert during | {"pending": None} == before
        assert ask(server, WEEK).status_code == 200
        served_runs.publish(own_root, trained)
        assert until(lambda: not ask(server, "health").json()["pending"])


def test_a_run_that_is_removed_is_forgotten(own_root: Path) -> None:
    with serving(own_root) as server:
        shutil.rmtree(own_root / CELLS_RUN)

        assert until(lambda: ask(server, f"runs/{CELLS_RUN}").status_code == 404)
        assert ask(server, WEEK).status_code == 200


def test_a_manifest_cannot_name_files_elsewhere(own_root: Path) -> None:
    path = own_root / RUN / "manifest.json"
    secret = own_root / ICE / "secret.tif"
    secret.write_bytes(b"secret")
    text = path.read_text(encoding="utf-8").replace("layers/ice_motion_day_1.tif", "layers/../../../secret.tif")
    path.write_text(text, encoding="utf-8")

    with serving(own_root) as server:
        error = refusal(ask(server, f"runs/{ICE_RUN}"))

    assert "secret" not in error["what"]


def test_nothing_of_the_runs_is_changed_and_no_copy_stays(own_root: Path, tile, monkeypatch, tmp_path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    before = {path: path.stat().st_mtime_ns for path in sorted(own_root.rglob("*"))}

    with serving(own_root) as server:
        assert len(list(copies.iterdir())) == 3
        classify(server, tile(0))
        ask(server, f"runs/{CELLS_RUN}/layers/land.geojson")
    del server
    gc.collect()

    assert list(copies.iterdir()) == []
    assert {path: path.stat().st_mtime_ns for path in sorted(own_root.rglob("*"))} == before
