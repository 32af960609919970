"""Whole networks begin from files of others, of which nothing is run and only the network's own is taken."""

import pickle
from dataclasses import replace
from types import SimpleNamespace

import pytest
import small_networks as small
import torch
from safetensors.torch import save_file

from entropice.errors import InputFileError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.begun_from import PREFIXES, read_cleaned, require_fitting
from entropice.networks.export import Checkpoint, checkpoint_to_bytes
from entropice.networks.job import TrainingJob
from entropice.networks.machine import Machine
from entropice.networks.outcome import outcome_of

SPECIFICATION = NetworkSpecification("siamese", None, ("red", "nir"), options={"widths": [3, 4]})


def weights(seed=1, specification=SPECIFICATION):
    return build_network(specification, seed).state_dict()


def named(prefix, tensors):
    return {prefix + name: value for name, value in tensors.items()}


def of_lightning(**copies):
    """What a training framework leaves, with copies of the weights by the word before their names."""
    state = {name: value for prefix, tensors in copies.items() for name, value in named(f"{prefix}.", tensors).items()}
    return {
        "epoch": 29,
        "pytorch-lightning_version": "2.5.0",
        "state_dict": state | {"criterion.weight": torch.ones(1)},
        "optimizer_states": [{"state": {0: {"exp_avg": torch.zeros(2)}}, "param_groups": [{"lr": 1e-4}]}],
        "hyper_parameters": {"decoder_channels": [256, 128, 64, 32]},
    }


def saved(path, content):
    torch.save(content, path)
    return path


def assert_equal(taken, expected):
    assert taken.keys() == expected.keys()
    assert all(torch.equal(taken[name], value) for name, value in expected.items())


def test_averaged_weights_are_taken_before_the_plain_ones_and_the_rest_is_told(tmp_path):
    content = of_lightning(model=weights(1), ema_model=weights(2))
    cleaned = read_cleaned(saved(tmp_path / "last.ckpt", content), weights(3))
    assert_equal(cleaned.weights, weights(2))
    assert cleaned.prefix == "ema_model."
    plain = {f"model.{name}" for name in weights()}
    beside = {"epoch", "pytorch-lightning_version", "optimizer_states", "hyper_parameters", "criterion.weight"}
    assert set(cleaned.left_out) == plain | beside
    record = cleaned.record("last.ckpt")
    assert (record["n_tensors"], record["n_left_out"]) == (len(weights()), len(plain) + len(beside))


def test_a_copy_that_is_not_whole_is_passed_over(tmp_path):
    part = dict(list(weights(2).items())[:-1])
    cleaned = read_cleaned(saved(tmp_path / "last.ckpt", of_lightning(model=weights(1), ema_model=part)), weights(3))
    assert_equal(cleaned.weights, weights(1))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_words_before_the_names_go(tmp_path, prefix):
    save_file(named(prefix, weights(2)), tmp_path / "w.safetensors")
    assert_equal(read_cleaned(tmp_path / "w.safetensors", weights(3)).weights, weights(2))


def test_a_training_of_ours_goes_on_from_another(tmp_path):
    path = tmp_path / "best_model.pth"
    path.write_bytes(checkpoint_to_bytes(Checkpoint(SPECIFICATION, "", weights(2), {})))
    cleaned = read_cleaned(path, weights(3))
    assert_equal(cleaned.weights, weights(2))
    assert cleaned.left_out == ("record",)
    require_fitting(SPECIFICATION, path)


def of_other_shapes():
    return weights(specification=replace(SPECIFICATION, options={"widths": [3, 5]}))


def of_other_names():
    return {f"body.{name}": value for name, value in weights().items()}


@pytest.mark.parametrize(
    ("content", "got", "expected"),
    [
        (of_other_shapes, r"\(5, ", r"\(4, "),
        (of_other_names, "nothing called", "all by name"),
        (lambda: of_lightning(encoder=weights()), "nothing called", "all by name"),
        (lambda: {"state_dict": weights(), "config": SimpleNamespace(lr=1)}, "pickle", "nothing that runs"),
        (lambda: [1, 2], "list", "tensors"),
    ],
)
def test_what_is_not_this_network_is_refused_with_all_that_helps(tmp_path, content, got, expected):
    path = saved(tmp_path / "last.ckpt", content())
    with pytest.raises(InputFileError) as refused:
        require_fitting(SPECIFICATION, path)
    error = refused.value
    assert (str(error.path), error.field) == (str(path), "begun_from")
    assert error.fix
    with pytest.raises(InputFileError, match=rf"(?s)got: .*{got}.*expected: .*{expected}"):
        read_cleaned(path, weights())


def test_nothing_of_a_pickle_runs(tmp_path):
    class Runs:
        def __reduce__(self):
            return (tmp_path.joinpath("ran").touch, ())

    for name, write in (("a.ckpt", torch.save), ("b.ckpt", lambda it, path: path.write_bytes(pickle.dumps(it)))):
        write({"state_dict": weights(), "callbacks": Runs()}, tmp_path / name)
        with pytest.raises(InputFileError, match="pickle"):
            read_cleaned(tmp_path / name, weights())
    assert not (tmp_path / "ran").exists()


def test_half_a_file_and_none_are_refused(tmp_path):
    path = saved(tmp_path / "last.ckpt", of_lightning(model=weights()))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for each, message in ((path, "cannot be read"), (tmp_path / "absent.ckpt", "no file of weights")):
        with pytest.raises(InputFileError, match=message):
            read_cleaned(each, weights())


def test_training_begins_with_them_and_the_record_tells(tmp_path):
    path = saved(tmp_path / "last.ckpt", of_lightning(model=weights(2)))
    job = TrainingJob(SPECIFICATION, None, small.plan(), None, None, None, Machine(), "", begun_from=str(path))
    assert_equal(job.network().state_dict(), weights(2))
    assert_equal(replace(job, begun_from=None).network().state_dict(), weights(small.plan().seed))
    record = outcome_of(job, [{"epoch": 1, "val_loss": 1.0}], lambda _: weights(3)).record["begun_from"]
    assert (record["file"], record["prefix"], record["n_tensors"]) == (str(path), "model.", len(weights()))
    assert "epoch" in record["left_out"]
