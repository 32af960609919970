"""Prediction: in batches, with the weights given, and without a trace in the network."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import small_network

from entropice.networks.inference import predictor
from entropice.networks.machine import Machine

INPUTS = np.random.default_rng(0).standard_normal((7, 2, 8, 8)).astype(np.float32)


def weights_of(network):
    return {name: value + 0.1 if value.is_floating_point() else value for name, value in network.state_dict().items()}


@settings(max_examples=20)
@given(st.integers(1, 9), st.sampled_from(["group", "batch"]))
def test_batches_of_any_size_give_the_same_logits(batch_size, norm):
    network = small_network(norm)
    weights = weights_of(network)
    found = predictor(network, weights, Machine(), batch_size)(INPUTS)
    network.load_state_dict(weights)
    expected = network.eval()(torch.as_tensor(INPUTS)).detach().numpy()
    assert found.dtype == np.float32
    assert found == pytest.approx(expected, abs=1e-6)


def test_the_network_stays_as_it_was():
    network = small_network("batch").train()
    network.encoder.eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    predictor(network, weights_of(network), Machine())(INPUTS)
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert network.training
    assert network.decoder.training
    assert not network.encoder.training
