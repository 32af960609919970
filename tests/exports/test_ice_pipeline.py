"""Names, curves and the README of exported networks."""

import io

import numpy as np
import pytest
from exported_models import CHANGE, TYPES
from PIL import Image

from entropice.exports.ice_pipeline import models_readme, stem_of, write_models


@pytest.mark.parametrize(
    ("pattern", "encoder", "stem"),
    [
        ("ice_classifier_<encoder>", "resnet50", "ice_classifier_resnet50"),
        ("ice_movement_lstm", None, "ice_movement_lstm"),
        ("classes", "resnet50", "classes"),
    ],
)
def test_a_stem_follows_the_encoder_where_it_names_one(pattern, encoder, stem):
    assert stem_of(pattern, encoder) == stem


def test_each_network_has_weights_curves_and_the_modules_it_needs(tmp_path):
    folder = tmp_path / "of_a_run/models"
    write_models([TYPES, CHANGE], folder)
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert files.keys() == {
        *("ice_classifier_resnet50.pth", "ice_classifier_resnet50_training_curves.png"),
        *("change_detector.pth", "change_detector_training_curves.png", "siamese.py", "README.md"),
    }
    assert (files["ice_classifier_resnet50.pth"], files["change_detector.pth"]) == (TYPES.weights, CHANGE.weights)
    curves = Image.open(io.BytesIO(files["ice_classifier_resnet50_training_curves.png"]))
    assert np.asarray(curves.convert("RGB")).std() > 0
    assert files["siamese.py"].decode() == CHANGE.modules["siamese.py"]


def test_the_readme_says_how_each_is_loaded_what_it_is_worth_and_what_it_cannot_do():
    text = models_readme([TYPES, CHANGE])
    for part in (
        "## Ice types: `ice_classifier_resnet50.pth`",
        "`change_detector_training_curves.png`",
        TYPES.loading,
        CHANGE.loading,
        "Numbers: 3 logits",
        "| accuracy | 80-85 % | 91 % |",
        "Nothing was published of such networks",
        "- clouds",
    ):
        assert part in text
