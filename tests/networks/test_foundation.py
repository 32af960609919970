"""Parts of the extra's networks that need none of its libraries; the whole ones are built in test_architectures."""

import torch

from entropice.networks.foundation import ChosenLayers, MaskQueries, TokenNetwork


class FakeTokens(torch.nn.Module):
    """Twelve layers; the tokens of each are its number, from 0 on."""

    blocks = range(12)

    def forward_features(self, inputs):
        n, _, rows, columns = inputs.shape
        return [torch.full((n, 8, rows // 16, columns // 16), float(number)) for number in self.blocks]

    def prepare_features_for_image_model(self, features):
        return features


def test_layers_are_equally_far_and_end_with_the_last():
    features = ChosenLayers(FakeTokens())(torch.zeros(1, 3, 32, 32))
    assert [float(feature.mean()) for feature in features] == [2.0, 5.0, 8.0, 11.0]


def test_tokens_become_logits_of_the_inputs_size():
    network = TokenNetwork(ChosenLayers(FakeTokens()), 8, 2).eval()
    with torch.no_grad():
        assert network(torch.zeros(2, 3, 64, 96)).shape == (2, 2, 64, 96)


class Parts:
    def __init__(self, **parts):
        self.__dict__ |= parts


def test_masks_of_queries_are_summed_by_how_likely_they_are():
    """Two queries: the first is surely of the one class, the second of none; both say one thing everywhere."""
    masks = torch.stack([torch.full((1, 4, 4), 3.0), torch.full((1, 4, 4), -5.0)], dim=1)
    queries = Parts(intermediate_hidden_states=[torch.eye(2)[:, None]], masks_queries_logits=[masks])
    classes = torch.nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        classes.weight.copy_(torch.tensor([[50.0, -50.0], [-50.0, 50.0]]))

    class Called(torch.nn.Module):
        def __init__(self, result):
            super().__init__()
            self.result = result

        def forward(self, *_, **__):
            return self.result

    pixel_level = Parts(
        encoder=Called(Parts(feature_maps=[])), decoder=Called(Parts(multi_scale_features=[], mask_features=None))
    )
    model = Parts(
        model=Parts(pixel_level_module=pixel_level, transformer_module=Called(queries)), class_predictor=classes
    )
    logits = MaskQueries(model)(torch.zeros(1, 3, 16, 16))
    torch.testing.assert_close(logits.detach(), torch.full((1, 1, 16, 16), 3.0))
