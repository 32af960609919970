"""Exported files: readable by others, and refused where they are not what is asked for."""

import pickle
from dataclasses import replace

import pytest
import torch

from entropice.errors import InputFileError, ModelFileError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.export import (
    Checkpoint,
    checkpoint_to_bytes,
    network_of,
    read_checkpoint,
    require_specification,
    require_statistics,
    versions,
)

SPECIFICATION = NetworkSpecification("unet", "tu-test_efficientnet", ("red", "green", "blue", "nir"), n_pixels=64)


@pytest.fixture(scope="module")
def network():
    return build_network(SPECIFICATION, 3).eval()


@pytest.fixture(scope="module")
def content(network):
    return checkpoint_to_bytes(Checkpoint(SPECIFICATION, "ab" * 32, network.state_dict(), versions()))


@pytest.fixture
def path(tmp_path, content):
    (tmp_path / "best_model.pth").write_bytes(content)
    return tmp_path / "best_model.pth"


def test_a_network_comes_back(path, network):
    checkpoint = read_checkpoint(path)
    require_specification(checkpoint, SPECIFICATION, path)
    require_statistics(checkpoint, "ab" * 32, path)
    inputs = torch.randn(1, 4, 64, 64)
    assert torch.equal(network_of(checkpoint, path)(inputs), network(inputs))
    assert checkpoint.versions["torch"] == torch.__version__


def test_others_find_the_weights_where_they_look(path, network):
    content = torch.load(path, weights_only=True)
    assert content["model_state_dict"].keys() == network.state_dict().keys()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"architecture": "fpn"}, "architecture"),
        ({"encoder": "resnet18"}, "encoder"),
        ({"bands": ("red", "green", "blue")}, "bands"),
        ({"bands": ("nir", "green", "blue", "red")}, "bands"),
        ({"n_outputs": 2}, "n_outputs"),
        ({"fusion": "summed"}, "fusion"),
    ],
)
def test_another_network_is_refused(path, changes, field):
    with pytest.raises(ModelFileError, match=f"field: {field}"):
        require_specification(read_checkpoint(path), replace(SPECIFICATION, **changes), path)


def test_other_statistics_are_refused(path):
    with pytest.raises(ModelFileError, match="statistics_sha256"):
        require_statistics(read_checkpoint(path), "cd" * 32, path)


def rewritten(path, **changes):
    content = torch.load(path, weights_only=True)
    content["record"] |= changes
    torch.save(content, path)
    return path


def test_a_newer_layout_is_refused(path):
    with pytest.raises(ModelFileError, match="layout_version"):
        read_checkpoint(rewritten(path, layout_version=2))


def test_a_record_that_is_not_whole_is_refused(path):
    with pytest.raises(ModelFileError, match="not whole"):
        read_checkpoint(rewritten(path, specification={"architecture": "unet"}))


def test_weights_that_do_not_fit_their_record_are_refused(path):
    specification = read_checkpoint(path).specification
    bands = {"bands": ["red"], "architecture": "unet", "encoder": specification.encoder}
    with pytest.raises(ModelFileError, match="not of the network"):
        network_of(read_checkpoint(rewritten(path, specification=bands)), path)


def test_a_file_without_a_record_is_refused(tmp_path, network):
    torch.save(network.state_dict(), tmp_path / "plain.pth")
    with pytest.raises(ModelFileError, match="no record"):
        read_checkpoint(tmp_path / "plain.pth")


class Runs:
    def __reduce__(self):
        return print, ("run",)


@pytest.mark.parametrize(
    "write", [lambda p: torch.save({"a": Runs()}, p), lambda p: p.write_bytes(pickle.dumps(Runs()))]
)
def test_a_file_that_would_run_something_is_refused_and_runs_nothing(tmp_path, write, capsys):
    path = tmp_path / "model.pth"
    write(path)
    with pytest.raises(InputFileError, match=r"model\.pth"):
        read_checkpoint(path)
    assert "run" not in capsys.readouterr().out


def test_a_cut_file_is_refused(path):
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(InputFileError, match="best_model"):
        read_checkpoint(path)
