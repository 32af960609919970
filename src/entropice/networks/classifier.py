"""One class an image: an encoder of `timm`, the mean of its features over all pixels, and fully connected layers."""

from collections.abc import Iterator
from itertools import pairwise

from torch import Tensor, nn

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.encoder_names import timm_name
from entropice.networks.libraries import timm
from entropice.networks.options import ClassifierOptions


class Classifier(nn.Module):
    """(n, band, row, column) to logits (n, class).

    Parameters
    ----------
    encoder
        To features (n, feature).
    head
        Of these to logits.
    """

    def __init__(self, encoder: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits (n, class) of standardised images (n, band, row, column); float32, and no softmax is taken of them."""
        logits: Tensor = self.head(self.encoder(inputs))
        return logits


def classifier(specification: NetworkSpecification) -> nn.Module:
    """The network of a specification, with random weights, its encoder being the submodule ``encoder``.

    Encoders for one size of image alone are made for ``n_pixels`` × ``n_pixels``; others take any. `build_network`
    checks names and options before and sets the seed.
    """
    options = ClassifierOptions.model_validate(specification.options)
    name = timm_name(str(specification.encoder))
    edge = {"img_size": specification.n_pixels} if timm.get_pretrained_cfg(name).fixed_input_size else {}
    encoder = timm.create_model(
        name, pretrained=False, in_chans=specification.n_bands, num_classes=0, global_pool="avg", **edge
    )
    return Classifier(encoder, head(encoder.head_hidden_size, options))


def head(n_features: int, options: ClassifierOptions) -> nn.Sequential:
    """Linear layers with ReLU between them; of the first one's features a share is dropped.

    With 2048 features and the usual options it is the published head: 2048-512-ReLU-Dropout .5-128-ReLU-n.

    It takes (n, feature) to logits (n, class). Dropout stands after the first layer alone, whatever the number of
    widths, and works in training mode alone.

    Examples
    --------
    >>> layers = head(4, ClassifierOptions(widths=(3, 2), n_classes=5))
    >>> [layer.out_features if isinstance(layer, nn.Linear) else type(layer).__name__ for layer in layers]
    [3, 'ReLU', 'Dropout', 2, 'ReLU', 5]
    """
    return nn.Sequential(*_layers(n_features, options))


def _layers(n_features: int, options: ClassifierOptions) -> Iterator[nn.Module]:
    for number, (before, after) in enumerate(pairwise((n_features, *options.widths))):
        yield from (nn.Linear(before, after), nn.ReLU())
        if number == 0:
            yield nn.Dropout(options.dropout)
    yield nn.Linear(options.widths[-1], options.n_classes)
