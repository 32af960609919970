"""Laws of the transformer of several sensors: a missing sensor changes nothing, order changes nothing, sizes fit."""

from dataclasses import replace

import pytest
import small_networks as small
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.machine import Machine
from entropice.networks.multimodal_vit import coarser, merged, positions
from entropice.networks.training import carry_out

BANDS = ("green", "red", "nir", "vv", "vh", "elevation")
SENSORS = {"optical": ["green", "red", "nir"], "radar": ["vv", "vh"], "relief": ["elevation"]}
PLACES = {"optical": [0, 1, 2], "radar": [3, 4], "relief": [5]}
TINY = {"sensors": SENSORS, "patch_px": 8, "width": 16, "depth": 4, "n_heads": 2, "decoder_widths": [8, 8, 4, 4]}
STEM = TINY | {"stem_widths": [4, 8]}


def specification(options=STEM, bands=BANDS):
    return NetworkSpecification("multimodal_vit", None, bands, n_pixels=32, options=options)


def network(options=STEM, bands=BANDS, seed=1):
    return build_network(specification(options, bands), seed).eval()


def images(n=2, n_rows=32, n_columns=32, seed=3):
    return torch.randn(n, len(BANDS), n_rows, n_columns, generator=torch.Generator().manual_seed(seed))


def without(inputs, *sensors):
    hidden = inputs.clone()
    for sensor in sensors:
        hidden[:, PLACES[sensor]] = torch.nan
    return hidden


def said(network, inputs):
    with torch.no_grad():
        return network(inputs)


def scrambled(network, sensor, seed=5):
    """Other weights of one sensor's embedding, infinite ones among them."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in network.encoder.embeddings.sensors[[*SENSORS].index(sensor)].parameters():
            value.copy_(torch.randn(value.shape, generator=generator))
            value.flatten()[0] = torch.inf
    return network


@pytest.mark.parametrize("options", [TINY, STEM], ids=["patches", "stem"])
@settings(max_examples=6, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5))
def test_images_may_have_any_whole_number_of_patches(options, n_rows, n_columns):
    assert said(network(options), images(1, 8 * n_rows, 8 * n_columns)).shape == (1, 1, 8 * n_rows, 8 * n_columns)


@pytest.mark.parametrize("patch_px", [4, 12, 16])
def test_patches_may_have_other_sizes(patch_px):
    built = network(STEM | {"patch_px": patch_px})
    assert said(built, images(1, 48, 48)).shape == (1, 1, 48, 48)


@pytest.mark.parametrize("options", [TINY, STEM], ids=["patches", "stem"])
@pytest.mark.parametrize("sensor", SENSORS)
def test_weights_of_a_missing_sensor_change_nothing(options, sensor):
    inputs = without(images(), sensor)
    expected = said(network(options), inputs)
    assert torch.equal(said(scrambled(network(options), sensor), inputs), expected)
    assert expected.isfinite().all()


@pytest.mark.parametrize("sensor", SENSORS)
def test_weights_of_a_sensor_that_is_there_change_something(sensor):
    others = [name for name in SENSORS if name != sensor]
    inputs = without(images(), *others)
    expected = said(network(), inputs)
    assert not torch.equal(said(scrambled(network(), sensor), inputs).nan_to_num(), expected)


def test_samples_of_a_batch_do_not_see_each_other():
    """One of them lacks a sensor, one half of another, one all."""
    inputs = images(3)
    inputs[0, PLACES["radar"]] = torch.nan
    inputs[1, PLACES["optical"], :, :13] = torch.nan
    inputs[2] = torch.nan
    each = torch.cat([said(network(), one[None]) for one in inputs])
    torch.testing.assert_close(said(network(), inputs), each, rtol=1e-4, atol=1e-5)


def test_where_nothing_is_known_logits_are_finite_and_of_no_sensor():
    nothing = torch.full((1, len(BANDS), 32, 32), torch.nan)
    built = network()
    expected = said(built, nothing)
    for sensor in SENSORS:
        scrambled(built, sensor)
    assert expected.isfinite().all()
    assert torch.equal(said(built, nothing), expected)


@pytest.mark.parametrize("options", [TINY, STEM], ids=["patches", "stem"])
def test_gradients_are_finite_whatever_is_unknown(options):
    inputs = without(images(4), "radar")
    inputs[1, PLACES["optical"], 3:20] = torch.nan
    inputs[2] = torch.nan
    built = network(options).train()
    built(inputs).square().mean().backward()
    gradients = {name: parameter.grad for name, parameter in built.named_parameters()}
    missing = "encoder.embeddings.sensors.1."
    assert all(gradient.isfinite().all() for gradient in gradients.values())
    assert all(not gradient.any() for name, gradient in gradients.items() if name.startswith(missing))

    assert gradients["encoder.embeddings.sensors.0.patches.weight"].any()


def test_an_unknown_value_is_no_mean():
    """A pixel of one band is unknown, and another time has the mean."""
    unknown, mean = images(), images()
    unknown[:, 0, 5, 5], mean[:, 0, 5, 5] = torch.nan, 0.0
    assert not torch.equal(said(network(), unknown), said(network(), mean))


@given(st.permutations(range(len(BANDS))))
@settings(max_examples=5, deadline=None)
def test_the_order_of_the_tasks_bands_changes_nothing(order):
    turned = network(bands=tuple(BANDS[place] for place in order))
    torch.testing.assert_close(said(turned, images()[:, order]), said(network(), images()))


@given(st.permutations(list(SENSORS)))
@settings(max_examples=5, deadline=None)
def test_the_order_of_the_sensors_changes_nothing_but_names_of_weights(order):
    turned = network(STEM | {"sensors": {name: SENSORS[name] for name in order}})
    own, place = network().state_dict(), {f"sensors.{new}.": [*SENSORS].index(name) for new, name in enumerate(order)}
    for name, value in turned.state_dict().items():
        of = next((each for each in place if each in name), "")
        value.copy_(own[name.replace(of, f"sensors.{place[of]}.") if of else name])
    torch.testing.assert_close(said(turned, images()), said(network(), images()), rtol=1e-4, atol=1e-5)


def test_positions_are_told_apart_and_do_not_depend_on_the_images_size():
    small, large = positions(3, 4, 16), positions(7, 9, 16)
    assert torch.equal(large[:, :3, :4], small)
    assert len({tuple(column) for column in large.flatten(1).T.tolist()}) == 7 * 9
    torch.testing.assert_close(large.square().sum(dim=0), torch.full((7, 9), 8.0))


def test_the_mean_of_those_that_know_by_hand():
    features = torch.tensor([1.0, 4.0, torch.inf]).reshape(1, 3, 1, 1, 1).expand(1, 3, 2, 1, 3)
    known = torch.tensor([[1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=torch.bool).T.reshape(1, 3, 1, 1, 3)
    assert merged(features, known).tolist() == [[[[2.5, 4.0, 0.0]]] * 2]


def test_a_larger_pixel_is_known_where_anything_in_it_is():
    known = torch.zeros(1, 4, 6, dtype=torch.bool)
    known[0, 3, 2] = True
    assert coarser(known, 2, 3).tolist() == [[[False, False, False], [False, True, False]]]
    assert torch.equal(coarser(known, 4, 6), known)


def test_a_larger_network_is_the_same_code():
    larger = replace(specification(), options=STEM | {"depth": 8, "n_heads": 4, "width": 24, "stem_widths": [4, 4, 4]})
    assert said(build_network(larger, 1).eval(), images()).shape == (2, 1, 32, 32)


def blobs(seed, n=8, n_pixels=32):
    """Squares that the optical bands show in every other image, and the radar in the others."""
    generator = torch.Generator().manual_seed(seed)
    inputs, target = torch.randn(n, len(BANDS), n_pixels, n_pixels, generator=generator), torch.zeros(n, 32, 32)
    for number, (row, column) in enumerate(torch.randint(n_pixels - 10, (n, 2), generator=generator).tolist()):
        target[number, row : row + 10, column : column + 10] = 1
        shown = PLACES["radar" if number % 2 else "optical"]
        inputs[number, shown] += 2.0 * target[number]
    return inputs, target


def iou(logits, target):
    said, true = logits[:, 0] > 0, target > 0
    return float((said & true).sum() / (said | true).sum())


def test_it_learns_what_one_sensor_shows_and_does_without_the_other():
    built = network(STEM | {"width": 32, "stem_widths": [8, 8], "decoder_widths": [16, 16, 8, 8]}).train()
    optimiser = torch.optim.AdamW(built.parameters(), 5e-3)
    for step in range(90):
        inputs, target = blobs(step)
        if step % 3 == 0:  # one sensor of each image is hidden, never the one that shows it
            inputs[::2, PLACES["radar"]] = inputs[1::2, PLACES["optical"]] = torch.nan
        optimiser.zero_grad()
        functional.binary_cross_entropy_with_logits(built(inputs)[:, 0], target).backward()
        torch.nn.utils.clip_grad_norm_(built.parameters(), 1.0)
        optimiser.step()
    inputs, target = blobs(1000, 16)
    optical, radar = slice(0, None, 2), slice(1, None, 2)
    for shown, other in ((optical, "radar"), (radar, "optical")):
        assert iou(said(built.eval(), inputs[shown]), target[shown]) > 0.7
        assert iou(said(built, without(inputs[shown], other, "relief")), target[shown]) > 0.7


class Unknowing:
    """Bright squares on images of which radar knows nothing."""

    def load(self, keys, epoch):
        inputs = without(images(len(keys), seed=epoch), "radar")
        return inputs.numpy(), (inputs[:, 0] > 1).numpy().astype("uint8"), (inputs[:, 0] < 2).numpy()


def says_nothing(predict, epoch):
    return {"val_loss": float(epoch)}


def test_its_encoder_is_kept_from_learning_and_then_learns():
    """As where weights of another training are begun from: a decoder that knows nothing should not spoil them."""
    first = {name: value.clone() for name, value in network().state_dict().items()}
    trained = carry_out(small.plan(n_epochs=2), network(), small.OBJECTIVE, Unknowing(), says_nothing, Machine())
    states = [training.state() for training in trained]

    frozen = states[3].weights  # at the end of the first epoch
    assert all(torch.equal(frozen[name], first[name]) for name in first if name.startswith("encoder."))
    assert not torch.equal(frozen["decoder.logits.weight"], first["decoder.logits.weight"])
    moved = [name for name in first if not torch.equal(states[-1].weights[name], first[name])]
    assert "encoder.blocks.0.linear1.weight" in moved
    assert all(value.isfinite().all() for value in states[-1].weights.values())
