"""Benchmarks of GPUs run on a processor in their place, small; the numbers say nothing."""

import numpy as np
import pytest
import torch

from benchmarks import published_networks, terrain_gpu
from entropice.networks.machine import Machine


def test_networks_are_those_of_the_published_sizes(monkeypatch):
    monkeypatch.setattr(published_networks, "N_REPEATS", 1)
    network = published_networks.published("human_modification", "modification", 32, 2)
    title, name, n_million, inputs, batch, seconds, memory = published_networks.row(network, Machine())
    assert (title, name, inputs, batch, memory) == ("modification", "conv_lstm", "2 × 32²", "2 in 1", "")
    assert float(n_million) > 0
    assert float(seconds) > 0


def test_what_torch_refuses_is_told_in_place_of_seconds(monkeypatch):
    def refused(*_):
        raise RuntimeError("some_backward_cuda does not have a deterministic implementation. You can turn it off")

    monkeypatch.setattr(published_networks, "step_seconds", refused)
    network = published_networks.published("human_modification", "modification", 32, 2)
    said = published_networks.row(network, Machine())[5]
    assert said == "some_backward_cuda does not have a deterministic implementation"


def test_layers_of_another_library_are_compared_with_numpys(monkeypatch):
    monkeypatch.setattr(terrain_gpu, "LIBRARIES", ("torch",))
    monkeypatch.setattr(terrain_gpu, "on_device", lambda _: torch.from_numpy)
    monkeypatch.setattr(terrain_gpu, "synchronised", lambda _: None)
    lines = "\n".join(terrain_gpu.report(200))
    assert "| elevation_m | 0.0e+00 | 1.0000 | same |" in lines
    assert "OTHER" not in lines


def test_differences_are_shares_of_the_spread():
    expected, found = np.array([0, 2, 4, np.nan], np.float32), np.array([0, 3, 4, 1], np.float32)
    assert terrain_gpu.differences(expected, found) == (0.25, pytest.approx(2 / 3), False)
