"""The folder of a whole run: where samples lie, what the manifest says, and names that would collide."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from exported_models import CHANGE, TYPES

from entropice.errors import ConfigError
from entropice.exports.ice_pipeline_data import Written
from entropice.exports.published_folder import PublishedFolder, places_of
from entropice.sha256 import sha256_of


@dataclass(frozen=True)
class Drawn:
    """Samples of which one file tells whose they are."""

    place: str
    text: str

    def write(self, folder: Path) -> Written:
        folder.mkdir(parents=True)
        (folder / "info.json").write_text(self.text, encoding="utf-8")
        return Written({"n_samples": {"train": 1}}, [{"key": self.text, "split": "train"}])


TASKS = {"types": Drawn("processed", "a"), "change": Drawn("processed", "b"), "motion": Drawn("sequences", "c")}
FOLDER = PublishedFolder({"types": TYPES, "change": CHANGE}, TASKS, {"tasks": {"types": {"source": "drawn"}}})


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_samples_have_a_folder_of_their_task_only_where_they_would_collide():
    expected = {"types": "processed/types", "change": "processed/change", "motion": "sequences"}
    assert places_of(TASKS) == expected
    assert places_of({"types": TASKS["types"], "motion": TASKS["motion"]})["types"] == "processed"


def test_the_manifest_names_every_file_and_every_sample(tmp_path):
    FOLDER.write(tmp_path)
    manifest = read(tmp_path / "manifest.json")
    there = {file.relative_to(tmp_path).as_posix(): file for file in tmp_path.rglob("*") if file.is_file()}
    named = {entry["name"]: entry for entry in manifest["files"]}
    assert named.keys() == there.keys() - {"manifest.json"}
    assert all(entry["sha256"] == sha256_of(there[name]) for name, entry in named.items())
    assert all(entry["bytes"] == there[name].stat().st_size for name, entry in named.items())
    assert manifest["samples"]["processed/change"] == [{"key": "b", "split": "train"}]
    info = read(tmp_path / "dataset_info.json")
    assert info["tasks"]["types"]["source"] == "drawn"
    assert info["samples"].keys() == {"processed/types", "processed/change", "sequences"}


def test_two_networks_with_one_file_are_refused():
    with pytest.raises(ConfigError, match="change: ice_classifier_resnet50") as refused:
        PublishedFolder({"types": TYPES, "change": replace(CHANGE, stem=TYPES.stem)}, {}, {})
    assert refused.value.field == "exporting.stems"
