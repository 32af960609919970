import numpy as np
import pytest

from entropice.errors import LabelError
from entropice.imagery.classes.image_models import IMAGE_MODELS, ImageModel, fit_image_model


def _images(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Dark, bright and rough images."""
    random = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    level, roughness = np.array([-1.0, 1.0, 1.0])[labels], np.array([0.1, 0.1, 0.6])[labels]
    noise = random.normal(size=(n, 3, 8, 8))
    return (level[:, None, None, None] + roughness[:, None, None, None] * noise).astype(np.float32), labels


@pytest.mark.parametrize("model", IMAGE_MODELS, ids=lambda model: model.name)
def test_rivals_learn_what_colours_tell(model: ImageModel) -> None:
    inputs, labels = _images(1, 60)
    fitted = fit_image_model(model, [(inputs[:40], labels[:40]), (inputs[40:], labels[40:])], 3, seed=0)
    asked, truth = _images(2, 30)

    logits = fitted.logits(asked)

    assert (logits.shape, logits.dtype) == ((30, 3), np.float32)
    assert np.isfinite(logits).all()
    assert (logits.argmax(axis=1) == truth).mean() > 0.9
    again = fit_image_model(model, [(inputs, labels)], 3, seed=0)
    assert np.array_equal(again.logits(asked), logits)


def test_a_class_without_an_image_is_refused() -> None:
    inputs, labels = _images(1, 9)

    with pytest.raises(LabelError):
        fit_image_model(IMAGE_MODELS[0], [(inputs, labels)], 4, seed=0)
