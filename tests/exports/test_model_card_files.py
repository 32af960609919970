"""Files of a published model card: where they lie, and that the same content gives the same bytes."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from entropice.exports.model_card import CardFiles, ModelCards, limitations_page, step_stem
from entropice.sha256 import sha256_of

CARD = CardFiles(
    checkpoints={"soup": b"abc", step_stem(20, 0.5): b"de"},
    log=[{"epoch": 1.0, "loss": 0.5}, {"epoch": 2.0, "loss": 0.25}],
    config={"seed": 1, "bands": ["red"]},
    tables={"per_chip_val": pd.DataFrame({"iou": [0.5, 0.75]})},
    documents={"threshold_sweep": {"threshold": 0.5}},
    limitations=["It sees no clouds.", "It knows no winter."],
)
NAMES = {
    "checkpoints/soup.ckpt",
    "checkpoints/step000020-iou0.500.ckpt",
    "config.yaml",
    "diagnostics/per_chip_val.parquet",
    "diagnostics/threshold_sweep.json",
    "LIMITATIONS.md",
    "logs/metrics.csv",
}


def written(cards: ModelCards, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    cards.write(folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_task_has_no_folder_of_its_own_and_several_have(tmp_path: Path) -> None:
    one = written(ModelCards({"slumps": CARD}), tmp_path / "one")
    two = written(ModelCards({"slumps": CARD, "lakes": CARD}), tmp_path / "two")

    assert one.keys() == NAMES | {"manifest.json"}
    assert two.keys() == {f"{task}/{name}" for task in ("slumps", "lakes") for name in NAMES} | {"manifest.json"}
    assert all(two[f"lakes/{name}"] == one[name] for name in NAMES)


def test_the_manifest_names_every_file_with_size_and_sha256(tmp_path: Path) -> None:
    found = written(ModelCards({"slumps": CARD}), tmp_path / "card")

    manifest = json.loads(found["manifest.json"])

    assert manifest["tasks"] == ["slumps"]
    assert {entry["name"]: entry["sha256"] for entry in manifest["files"]} == {
        name: sha256_of(tmp_path / "card" / name) for name in NAMES
    }


def test_what_is_written_is_what_was_given(tmp_path: Path) -> None:
    found = written(ModelCards({"slumps": CARD}), tmp_path / "card")

    assert found["checkpoints/soup.ckpt"] == b"abc"
    assert yaml.safe_load(found["config.yaml"]) == CARD.config
    assert found["logs/metrics.csv"].decode().splitlines() == ["epoch,loss", "1.0,0.5", "2.0,0.25"]
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "card/diagnostics/per_chip_val.parquet"), CARD.tables["per_chip_val"]
    )


def test_the_same_content_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    first, again = (written(ModelCards({"slumps": CARD}), tmp_path / name) for name in "ab")
    other = written(ModelCards({"slumps": replace(CARD, limitations=[])}), tmp_path / "c")

    assert first == again
    assert {name for name in first if first[name] != other[name]} == {"LIMITATIONS.md", "manifest.json"}


@pytest.mark.parametrize(("iou", "expected"), [(0.70149, "step001234-iou0.701"), (float("nan"), "step001234-iounan")])
def test_stems_name_steps_and_what_validation_measured(iou: float, expected: str) -> None:
    assert step_stem(1234, iou) == expected


def test_a_limitation_is_a_line() -> None:
    assert limitations_page(CARD.limitations).splitlines()[-2:] == ["- It sees no clouds.", "- It knows no winter."]
