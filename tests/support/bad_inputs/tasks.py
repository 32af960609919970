"""Parameters of tasks of several kinds that must be refused, read the way a run reads them."""

from pathlib import Path
from typing import Any

from task_steps import configuration_of

from bad_inputs import BadInput
from entropice.app.before_run import check_networks


def _given(kind: str, task: str, environment: str = "sea_ice", **given: Any) -> BadInput:
    """Parameters of a task on the command line, looked at before a run."""

    def provoke(_: Path) -> None:
        configuration = configuration_of(environment, task, given)
        check_networks(task, configuration.parameters, configuration.origin)

    return BadInput(f"{task}: {kind}", provoke)


def _land(kind: str, **given: Any) -> BadInput:
    return _given(kind, "modification", "human_modification", **given)


FRAMES = {"n_frames_in": 1, "n_frames_out": 1, "target_bands": ["red"]}
CLASSES = {"n_classes": 3, "widths": [8], "dropout": 0.1}

BAD_INPUTS = (
    _given("unknown rival", "ice_motion", evaluation={"rivals": ["persistence", "kept_drft"]}),
    _given("no persistence among the rivals", "ice_motion", evaluation={"rivals": ["kept_drift"]}),
    _given("metric that validation does not give", "ice_motion", training={"metric": "val_mse_8"}),
    _given("inputs that do not agree", "ice_motion", samples={"windows": {"n_frames_in": 10}}),
    _given("outputs that do not agree", "ice_motion", network={"options": {"n_frames_out": 3}}),
    _given("fewer horizons judged than said at once", "ice_motion", samples={"windows": {"future_horizons": 3}}),
    _given("forecast of a band that is not seen", "ice_motion", bands=["ice_thickness"]),
    _given("half an arrow", "ice_motion", bands=["ice_concentration", "wind_x"]),
    _given("loss of another kind", "ice_motion", training={"losses": [{"name": "focal"}]}),
    _given("network that needs an encoder", "ice_motion", network={"architecture": "unet"}),
    _given("unknown attention", "ice_motion", network={"options": {"attention": "chanel"}}),
    _given("section of another kind", "ice_motion", samples={"augmentation": {"max_contrast": 0.2}}),
    _given("section of another source", "ice_motion", virtual_ice_change={"gap_days": 7}),
    _given("part to choose with twice", "ice_motion", samples={"splits": {"n_validated_steps": 0}}),
    _given("as many classes as the network does not tell apart", "ice_types", network={"options": {"n_classes": 4}}),
    _given("metric that validation does not give", "ice_types", training={"metric": "val_mse"}),
    _given("loss of another kind", "ice_types", training={"losses": [{"name": "mean_squared_error"}]}),
    _given("network that has no encoder", "ice_types", network={"architecture": "conv_lstm"}),
    _given("section of another kind", "ice_types", samples={"windows": {"n_pixels": 64}}),
    _given("metric that validation does not give", "ice_change", training={"metric": "val_mae"}),
    _given("loss of another kind", "ice_change", training={"losses": [{"name": "class_cross_entropy"}]}),
    _given("architecture of another kind", "ice_change", network={"architecture": "conv_lstm", "options": FRAMES}),
    _given("architecture of another kind", "ice_charts", network={"architecture": "classifier", "options": CLASSES}),
    _given("encoder that the network does not have", "ice_change", training={"frozen_epochs": 2}),
    _land("unknown unit", virtual_modification={"unit": "percent"}),
    _land("target that is no band", target_bands=["human_modifications"]),
    _given("unknown unit", "modification", "modification_observed", raster_series={"unit": "percent"}),
    _given("unknown product", "ice_motion", "ice_observed", ice_series={"product": "sea_ice_index"}),
)
