"""ConvLSTM: gradients that are computed again are the plain ones; laws of form; attention by hand."""

import pytest
import torch
from torch.nn import functional

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.attention import ATTENTIONS
from entropice.networks.conv_lstm import ConvLSTMCell

BANDS = ("wind_x", "ice_concentration", "wind_y", "ice_thickness")
TARGETS = ["ice_thickness", "ice_concentration"]


def network(seed=1, **options):
    usual = {"target_bands": TARGETS, "n_frames_in": 5, "n_frames_out": 4, "widths": [3, 2]}
    return build_network(NetworkSpecification("conv_lstm", None, BANDS, options=usual | options), seed)


def learned(network, seed=2):
    """With weights unlike those at the beginning, whose readout is 0."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape, generator=generator))
    return network


def frames(n=2, n_frames=5, n_pixels=8, seed=3):
    return torch.randn(n, n_frames, len(BANDS), n_pixels, n_pixels, generator=torch.Generator().manual_seed(seed))


def gradients(every, inputs, n_frames_out, **options):
    built = learned(network(n_frames_in=inputs.shape[1], n_frames_out=n_frames_out, recomputed_every=every, **options))
    outputs = built(inputs)
    loss = functional.mse_loss(outputs, torch.linspace(-1, 1, outputs.numel()).reshape(outputs.shape))
    loss.backward()
    return loss.detach(), [parameter.grad for parameter in built.parameters()]


def assert_equal_gradients(every, inputs, n_frames_out, **options):
    plain, again = (gradients(each, inputs, n_frames_out, **options) for each in (None, every))
    torch.testing.assert_close(again[0], plain[0], rtol=1e-6, atol=1e-6)
    for one, other in zip(again[1], plain[1], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize(("every", "attention"), [(1, "none"), (2, "channel"), (3, "spatial"), (9, "none")])
def test_gradients_with_recomputation_are_the_plain_ones_at_64_pixels(batch, every, attention):
    assert_equal_gradients(every, frames(batch, n_pixels=64), 4, attention=attention)


@pytest.mark.slow
@pytest.mark.parametrize("batch", [1, 4])
def test_gradients_with_recomputation_are_the_plain_ones_at_the_published_widths(batch):
    assert_equal_gradients(6, frames(batch, 30, 64), 7, widths=[32, 32])


def test_nothing_is_kept_for_gradients_where_none_are_asked_for(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError

    plain = learned(network())(frames())
    monkeypatch.setattr("entropice.networks.conv_lstm.checkpoint", refuse)
    with torch.no_grad():
        torch.testing.assert_close(learned(network(recomputed_every=2))(frames()), plain)


@pytest.mark.parametrize("attention", sorted(ATTENTIONS))
def test_it_begins_with_frames_that_stay_as_they_are(attention):
    seen = frames()
    with torch.no_grad():
        outputs = network(attention=attention)(seen)
        other = network(attention=attention, is_residual=False)(seen)
    assert outputs.shape == other.shape == (2, 4, 2, 8, 8)
    assert torch.equal(outputs, seen[:, -1:, [3, 1]].expand(outputs.shape))
    assert not torch.equal(other, outputs)


def test_a_step_of_a_cell_by_hand():
    cell = ConvLSTMCell(1, 1, 1)
    with torch.no_grad():
        cell.gates.weight.copy_(torch.tensor([[0.5, 0.1], [0.2, -0.3], [1.0, 0.4], [-0.6, 0.7]]).reshape(4, 2, 1, 1))
        cell.gates.bias.copy_(torch.tensor([0.1, 1.0, -0.2, 0.3]))
        h, c = cell([torch.full((1, 1, 1, 1), 2.0)], torch.full((1, 1, 1, 1), -1.0), torch.full((1, 1, 1, 1), 0.8))
    # gates: 1.0 − 0.1 + 0.1 = 1.0; 0.4 + 0.3 + 1.0 = 1.7; 2.0 − 0.4 − 0.2 = 1.4; −1.2 − 0.7 + 0.3 = −1.6
    sigmoid = lambda value: 1 / (1 + 2.718281828459045**-value)  # noqa: E731
    expected = sigmoid(1.7) * 0.8 + sigmoid(1.0) * 0.8853516
    assert c.item() == pytest.approx(expected, rel=1e-6)
    assert h.item() == pytest.approx(sigmoid(-1.6) * torch.tanh(torch.tensor(expected)).item(), rel=1e-5)


def test_it_remembers_at_first():
    biases = [cell.gates.bias for cell in network(widths=[3, 2]).encoding.cells]
    assert [bias[len(bias) // 4 : len(bias) // 2].tolist() for bias in biases] == [[1.0] * 3, [1.0] * 2]


def test_a_frame_moved_along_is_forecast_moved_along():
    """Far from the edges; a place has no weights of its own."""
    built, seen = learned(network(kernel_px=3, widths=[2], n_frames_out=1)), torch.zeros(1, 2, 4, 24, 24)
    seen[..., 11:14, 9:11] = frames(1, 2, 3)[..., :2]
    with torch.no_grad():
        one, other = (built(each) for each in (seen, seen.roll((2, 1), (-2, -1))))
    inner = (..., slice(6, -6), slice(6, -6))
    torch.testing.assert_close(other[inner], one.roll((2, 1), (-2, -1))[inner])


def test_channels_and_pixels_are_weighed():
    features = frames(1)[0]
    channel, spatial = (ATTENTIONS[name](4)(features) / features for name in ("channel", "spatial"))
    torch.testing.assert_close(channel, channel[:, :, :1, :1].expand(channel.shape))
    torch.testing.assert_close(spatial, spatial[:, :1].expand(spatial.shape))
    for weights in (channel, spatial):
        assert (weights > 0).all()
        assert (weights < 1).all()
        assert weights.std() > 0


def test_it_learns_a_step_to_the_right():
    """Half of the error of frames that stay as they are, after 80 steps."""
    generator, built = torch.Generator().manual_seed(1), network(widths=[6], n_frames_out=2)
    optimiser, first = torch.optim.Adam(built.parameters(), 1e-2), torch.randn(4, 4, 16, 16, generator=generator)
    moving = torch.stack([first.roll(step, -1) for step in range(7)], dim=1)
    losses = []
    for _ in range(80):
        optimiser.zero_grad()
        loss = functional.mse_loss(built(moving[:, :5]), moving[:, 5:, [3, 1]])
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_recalled_frames_draw_the_last_one_back_by_hand():
    """Halfway to the mean of three at first; then with 0.5 and 0.25 of the two frames before, and nothing else."""
    built, seen = network(n_recalled=2), frames()
    earlier, middle, last = seen[:, -3:, 3].unbind(1)
    with torch.no_grad():
        torch.testing.assert_close(built(seen)[:, 1, 0], last / 2 + (earlier + middle + last) / 6)
        built.recall.copy_(torch.tensor([0.5, 0.25])[:, None].expand(4, 2, 2) * torch.tensor([1.0, 0.0]))
        outputs = built(seen)
    torch.testing.assert_close(outputs[:, 2, 0], 0.5 * earlier + 0.25 * middle + 0.25 * last)
    assert torch.equal(outputs[:, :, 1], seen[:, -1:, 1].expand(2, 4, 8, 8))
