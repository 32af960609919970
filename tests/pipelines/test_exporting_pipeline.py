"""The export of a composition: plain torch and torchvision load it and say the same, by the lines of the docs."""
# ruff: noqa: PD011 - these are the values of images

import ast
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import xarray as xr
import yaml
from kedro.io import DatasetError
from PIL import Image as Picture

from entropice.errors import ConfigError, ModelFileError
from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.statistics_document import to_document
from entropice.io import PublishedFolderDataset, TrainedNetwork
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.export import Checkpoint
from entropice.networks.torchvision_shim import make_importable
from entropice.pipelines.composition import Composition
from entropice.pipelines.exporting.nodes import export_run
from entropice.pipelines.exporting.parameters import ExportingParameters
from entropice.pipelines.exporting.pipeline import EXPORTING
from entropice.sha256 import sha256_of, sha256_of_value

make_importable()

PROJECT = Path(__file__).parents[2]
SECTIONS = yaml.safe_load((PROJECT / "conf/sea_ice/parameters.yml").read_text(encoding="utf-8"))
STEMS = ExportingParameters.model_validate(SECTIONS["exporting"])
TASKS = SECTIONS["tasks"] | {
    "ice_motion": SECTIONS["tasks"]["ice_motion"]
    | {
        "bands": ["ice_concentration", "ice_thickness"],
        "samples": SECTIONS["tasks"]["ice_motion"]["samples"]
        | {"windows": SECTIONS["tasks"]["ice_motion"]["samples"]["windows"] | {"n_pixels": 16, "n_frames_in": 3}},
        "network": {
            "architecture": "conv_lstm",
            "options": {"n_frames_in": 3, "target_bands": ["ice_concentration"], "widths": [6, 4]},
        },
    }
}
COMPOSITION = yaml.safe_load((PROJECT / "conf/sea_ice/composition.yml").read_text(encoding="utf-8"))
SPECIFICATIONS = {
    "ice_types": NetworkSpecification("classifier", "resnet50", RGB, options={"n_classes": 3}),
    "ice_motion": NetworkSpecification(
        "conv_lstm", None, tuple(TASKS["ice_motion"]["bands"]), options=TASKS["ice_motion"]["network"]["options"]
    ),
    "ice_change": NetworkSpecification("siamese", None, RGB, options={"widths": [4, 8, 8, 8]}),
}
FACTS = {"inputs": "in", "outputs": "out", "expectations": [], "limits": ["virtual"]}
SPLITS = pd.DataFrame({"key": ["a", "b", "c", "d"], "split": ["train", "validation", "test", "buffer"]})
DOCS = (PROJECT / "docs/exports.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Drawn:
    """Pictures of 256 pixels in 8 bits, or pairs of them with what changed."""

    n_moments: int
    bands: tuple = RGB
    keys: tuple = ("a", "b", "c", "d")

    def read(self, key):
        random = np.random.default_rng([*key.encode()])
        leading = (2,) if self.n_moments == 2 else ()
        values = (random.integers(0, 256, (*leading, 3, 256, 256)) / 255).astype(np.float32)
        target = random.integers(2, size=(256, 256)).astype(np.uint8) if leading else np.int64(random.integers(3))
        place = Place(0.0, 0.0, 250.0, 256, 2011)
        return Sample(
            key, Image(RGB, values, np.ones(values.shape, bool)), target, np.ones(np.shape(target), bool), place
        )


def fields():
    random = np.random.default_rng(3)
    values = random.random((2, 20, 16, 16)).astype(np.float32)
    return xr.Dataset(
        {"ice_concentration": (("time", "y", "x"), values[0]), "ice_thickness": (("time", "y", "x"), values[1])},
        coords={
            "time": (np.datetime64("2011-04-01") + np.arange(20)).astype("M8[ns]"),
            "y": -12_500.0 * np.arange(16),
            "x": 12_500.0 * np.arange(16),
        },
        attrs={"crs": "EPSG:3413", "step": "P1D", "pixel_m": 12_500.0},
    )


def statistics_of(bands):
    n = len(bands)
    return to_document(
        BandStatistics(bands, 9, np.full(n, 99), np.linspace(0.3, 0.5, n), np.linspace(0.2, 0.3, n)),
        "virtual-ice-1",
        pd.Timestamp("2026-11-29").date(),
    )


def network_of(specification, statistics):
    """A network none of whose weights is zero, as those of a readout that has not learned are."""
    network, generator = build_network(specification, 1).eval(), torch.Generator().manual_seed(2)
    with torch.no_grad():
        for value in network.parameters():
            value.add_(0.01 * torch.randn(value.shape, generator=generator))
    checkpoint = Checkpoint(specification, sha256_of_value(statistics), network.state_dict(), {})
    return network, TrainedNetwork(Path("best_model.pth"), checkpoint, [{"epoch": 1.0, "train_loss": 0.5}], {})


def datasets_of(tasks):
    """What the step reads, and our networks by task."""
    given, networks = {}, {}
    for task in tasks:
        statistics = statistics_of(SPECIFICATIONS[task].bands)
        networks[task], trained = network_of(SPECIFICATIONS[task], statistics)
        own = {"network": trained, "statistics": statistics, "card_facts": FACTS}
        if task == "ice_motion":
            windows = pd.DataFrame(
                {"key": ["s"], "first": [2], "left_m": [-6250.0], "top_m": [6250.0], "pixel_m": [12_500.0]}
            ).assign(n_pixels=16, year=2011, row=0, column=0)
            splits = pd.DataFrame({"key": "s", "horizon": [1, 2, 3], "split": ["train", "train", "time"]})
            own |= {"fields": fields(), "tiles": windows, "splits": splits}
        else:
            own |= {"images": Drawn(2 if task == "ice_change" else 1), "splits": SPLITS}
        given |= {f"{task}.{name}": value for name, value in own.items()}
    return given, networks


def export_to(folder, exported):
    dataset = PublishedFolderDataset(filepath=str(folder))
    dataset.save(exported)
    return dataset


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exporting") / "exported"
    given, networks = datasets_of(SPECIFICATIONS)
    dataset = export_to(folder, export_run(COMPOSITION, TASKS, STEMS, **given))
    return dataset, networks


def shown(name):
    """The lines of the docs that have a name in them."""
    return next(block for block in re.findall(r"```python\n(.*?)```", DOCS, re.S) if name in block)


def loaded(name, folder, monkeypatch):
    monkeypatch.chdir(folder / "models")
    monkeypatch.syspath_prepend(folder / "models")
    for module in ("siamese", "conv_lstm"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    names = {}
    exec(shown(name), names)  # noqa: S102 (readers will run it)
    return names


@pytest.mark.parametrize(
    ("task", "file", "shape"),
    [
        ("ice_types", "ice_classifier_resnet50.pth", (1, 3, 96, 96)),
        ("ice_motion", "ice_movement_lstm.pth", (2, 3, 2, 16, 16)),
        ("ice_change", "change_detector.pth", (2, 2, 3, 32, 32)),
    ],
)
def test_the_lines_of_the_docs_load_each_network_and_it_says_the_same(exported, task, file, shape, monkeypatch):
    dataset, networks = exported
    assert len(ast.parse(shown(file)).body) == 5
    names = loaded(file, dataset.path, monkeypatch)
    inputs = torch.randn(shape, generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        ours, theirs = networks[task](inputs), names["network"].eval()(inputs)
    torch.testing.assert_close(theirs, ours, rtol=1e-4, atol=1e-5)
    assert ours.std() > 0
    assert not type(names["network"]).__module__.startswith("entropice")


def test_an_image_becomes_the_input_that_our_network_sees(exported, monkeypatch):
    dataset, _ = exported
    names = loaded("change_detector.pth", dataset.path, monkeypatch)
    names["image"] = dataset.path / "processed/ice_types/train/images/a.png"
    exec(shown("numpy.asarray"), names)  # noqa: S102 (readers will run it)
    image, content = Drawn(1).read("a").image, names["content"]
    mean, std = (np.array(content[name])[:, None, None] for name in ("mean", "std"))
    np.testing.assert_allclose(names["inputs"][0].numpy(), (image.values - mean) / std, atol=1e-5)


def test_files_hold_what_readers_need_beside_the_weights(exported):
    models = exported[0].path / "models"
    types, motion = (
        torch.load(models / name, weights_only=True)
        for name in ("ice_classifier_resnet50.pth", "ice_movement_lstm.pth")
    )
    assert types["class_names"] == ["open_water", "thin_ice", "thick_ice"]
    assert types["model_state_dict"]["fc.5.weight"].shape == (3, 128)
    assert types["mean"] == pytest.approx([0.3, 0.4, 0.5])
    assert motion["target_bands"] == ["ice_concentration"]
    assert motion["units"] == ["1", "m"]


def test_samples_lie_where_the_published_ones_do(exported):
    folder = exported[0].path
    with Picture.open(folder / "processed/ice_types/val/images/b.png") as picture:
        assert (picture.size, picture.mode) == ((256, 256), "RGB")
    assert np.load(folder / "processed/ice_change/test/labels/c.npy").shape == (256, 256)
    assert (folder / "processed/ice_change/test/images/c_before.png").is_file()
    assert not [*folder.rglob("d*.png")]
    learned, tested = (np.load(folder / f"sequences/{split}/s_target.npy") for split in ("train", "test"))
    assert learned.shape == (7, 1, 16, 16)
    assert np.isfinite(learned).all(axis=(1, 2, 3)).tolist() == [True, True] + 5 * [False]
    assert np.isfinite(tested).any(axis=(1, 2, 3)).tolist() == [False, False, True] + 4 * [False]


def test_the_manifest_names_every_file(exported):
    dataset, _ = exported
    manifest = dataset.load()
    there = {file.relative_to(dataset.path).as_posix() for file in dataset.path.rglob("*") if file.is_file()}
    assert {entry["name"] for entry in manifest["files"]} == there - {"manifest.json"}
    assert all(sha256_of(dataset.path / entry["name"]) == entry["sha256"] for entry in manifest["files"])
    info = json.loads((dataset.path / "dataset_info.json").read_text(encoding="utf-8"))
    assert info["tasks"].keys() == SPECIFICATIONS.keys()


def test_one_task_has_no_folder_of_its_own_and_lends_its_name_to_its_network(tmp_path):
    tasks = {"moving": COMPOSITION["tasks"]["ice_motion"]}
    given, _ = datasets_of(["ice_motion"])
    given = {name.replace("ice_motion", "moving"): value for name, value in given.items()}
    for name in ("one", "other"):
        published = export_run({"tasks": tasks}, {"moving": TASKS["ice_motion"]}, ExportingParameters(), **given)
        export_to(tmp_path / name, published)
    files = {file.relative_to(tmp_path / "one"): file for file in (tmp_path / "one").rglob("*") if file.is_file()}
    assert {Path("models/moving.pth"), Path("models/moving_training_curves.png")} < files.keys()
    assert Path("sequences/train/s_input.npy") in files
    assert all((tmp_path / "other" / name).read_bytes() == file.read_bytes() for name, file in files.items())


def test_the_step_reads_what_the_kinds_of_the_tasks_declare():
    (node,) = EXPORTING.create(Composition.model_validate(COMPOSITION)).nodes
    read = {name for name in node.inputs if not name.startswith("params:")}
    assert read == {
        *(f"{task}.{name}" for task in SPECIFICATIONS for name in ("network", "statistics", "card_facts", "splits")),
        *("ice_types.images", "ice_change.images", "ice_motion.fields", "ice_motion.tiles"),
    }
    assert not EXPORTING.runs_by_default


def test_a_stem_of_no_exported_task_is_told():
    given, _ = datasets_of(["ice_change"])
    tasks = {name: COMPOSITION["tasks"][name] for name in ("ice_change", "ice_charts")}
    with pytest.raises(ConfigError, match="ice_charts") as refused:
        export_run({"tasks": tasks}, TASKS, ExportingParameters(stems={"ice_charts": "charts"}), **given)
    assert refused.value.field == "exporting.stems.ice_charts"


def test_a_network_of_other_statistics_is_refused():
    given, _ = datasets_of(["ice_change"])
    tasks = {"ice_change": COMPOSITION["tasks"]["ice_change"]}
    given["ice_change.statistics"] |= {"n_tiles_used": 8}
    with pytest.raises(ModelFileError, match="other statistics"):
        export_run({"tasks": tasks}, TASKS, ExportingParameters(), **given)


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    given, _ = datasets_of(["ice_change"])
    tasks = {"ice_change": COMPOSITION["tasks"]["ice_change"]}
    given["ice_change.splits"] = pd.concat([SPLITS, SPLITS.assign(key="\0")])
    with pytest.raises(DatasetError):
        export_to(tmp_path / "exported", export_run({"tasks": tasks}, TASKS, ExportingParameters(), **given))
    assert not [*tmp_path.iterdir()]
