"""Pictures of training logs."""

import io
import math

import numpy as np
from PIL import Image

from entropice.exports.training_curves import training_curves

ROWS = [
    {"epoch": 1.0, "train_loss": 1.0, "train_accuracy": 0.4},
    {"epoch": 2.0, "train_loss": 0.6, "val_loss": 0.9, "val_accuracy": math.nan},
    {"epoch": 3.0, "train_loss": 0.3, "val_loss": 0.8, "val_accuracy": 0.7, "train_accuracy": 0.8},
]


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_losses_and_other_measures_have_a_panel_each():
    both, losses = training_curves(ROWS, "Ice types"), training_curves([{"epoch": 1.0, "train_loss": 1.0}], "Ice types")
    assert pixels(both).shape[1] == 2 * pixels(losses).shape[1] == 1000
    assert pixels(both).std() > 0
    assert training_curves(ROWS, "Ice types") == both


def test_measures_of_several_steps_have_a_panel_of_their_own():
    row = {"epoch": 1.0, "train_loss": 1.0, "val_f_1": 0.5, "val_mse": 2.0, "val_mse_1": 1.0, "val_mse_2": 3.0}
    assert pixels(training_curves([row], "Ice motion")).shape[1] == 3 * 500
    assert pixels(training_curves([{**row, "val_mae_1": 1.0}], "Ice motion")).shape[1] == 3 * 500
    assert pixels(training_curves([{**row, "val_mae_1": 1.0, "val_mae_2": 1.0}], "Ice motion")).shape[1] == 4 * 500


def test_another_log_is_another_picture():
    assert training_curves(ROWS[:2], "Ice types") != training_curves(ROWS, "Ice types")


def test_a_log_without_an_epoch_is_an_empty_picture():
    assert pixels(training_curves([], "Ice types")).shape == (350, 500, 3)
