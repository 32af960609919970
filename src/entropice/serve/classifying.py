"""A run's network that names classes, asked as the run itself asks it. What needs torch is imported on opening."""

import json
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from scipy.special import log_softmax

from entropice.errors import ConfigError, InputFileError
from entropice.imagery.bands import RGB
from entropice.imagery.classes.calibration import ClassCalibration
from entropice.imagery.classes.image_statistics import character_columns
from entropice.imagery.classes.strangeness import Alarm, Familiar
from entropice.imagery.normalisation import standardised
from entropice.imagery.samples import Image
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.statistics_document import from_document
from entropice.sha256 import sha256_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from entropice.networks.inference import Predictor

NETWORK, STATISTICS, CALIBRATION, ALARM = "network", "statistics", "calibration", "alarm"
WEIGHTS: Final = "best_model.pth"
NEEDED: Final = {
    NETWORK: (f"_network/{WEIGHTS}",),
    STATISTICS: ("_statistics.json",),
    CALIBRATION: ("_calibration.json",),
    ALARM: ("_alarm/arrays.npz", "_alarm/metadata.json"),
}
"""Datasets of a task that a model is made of, with the ends of their files."""

_LIBRARIES: Final = ("torch", "timm", "segmentation_models_pytorch")


@dataclass(frozen=True)
class Verdict:
    """What is said of an image.

    Attributes
    ----------
    chances
        (class,), which sum to 1.
    strangeness
        How far the image is from those that the network has learned from.
    rings
        Whether it is none of the classes.
    """

    chances: Sequence[float]
    strangeness: float
    rings: bool


class ClassModel:
    """A network with the statistics, calibration and alarm that the run has made for it.

    Attributes
    ----------
    names, titles
        Of the classes.
    edge_px
        Of the squares that the network takes.
    alarm
        Above which strangeness an image is none of the classes.
    facts
        Architecture, encoder, bands and versions of libraries, as the file of the network tells.
    """

    def __init__(
        self,
        classes: Sequence[tuple[str, str]],
        edge_px: int,
        facts: Mapping[str, Any],
        statistics: BandStatistics,
        calibration: ClassCalibration,
        familiar: Familiar,
        alarm: Alarm,
        predictors: "Sequence[Predictor]",
    ) -> None:
        self.names, self.titles = zip(*classes, strict=True)
        self.edge_px, self.facts, self.alarm = edge_px, facts, alarm
        self._statistics, self._calibration, self._familiar = statistics, calibration, familiar
        self._idle: SimpleQueue[Predictor] = SimpleQueue()
        for one in predictors:
            self._idle.put(one)

    def verdict(self, image: Image) -> Verdict:
        """What is said of an image (band, row, column) of `edge_px` pixels; to be called from any thread.

        Chances are softmax of the calibrated logits, slope times logit plus the intercept of the class, in the order of
        `names`. Strangeness is that of `character_columns` of the standardised image; above ``alarm.threshold`` it
        rings, at it or NaN not. Pixels that are not known are filled as in training. A call waits for a network that is
        idle.
        """
        inputs = standardised(image, self._statistics)[None]
        with self._predictor() as says:
            logits = says(inputs).astype(np.float64)
        chances = np.exp(log_softmax(self._calibration.logits(logits), axis=1))[0]
        strangeness = self._familiar.strangeness(character_columns(inputs))
        return Verdict(chances.tolist(), float(strangeness[0]), bool(self.alarm.rings(strangeness)[0]))

    @contextmanager
    def _predictor(self) -> "Iterator[Predictor]":
        """One that nobody else has: a network that computes can't be shared."""
        idle = self._idle.get()
        try:
            yield idle
        finally:
            self._idle.put(idle)


class _Parameters(BaseModel):
    """Those of a task that say how its network is asked; the values are read by the kind's own models."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    training: dict[str, Any]
    samples: dict[str, Any]
    evaluation: dict[str, Any]


def opened_model(folder: Path, task: str, parameters: Mapping[str, Any], n_threads: int) -> ClassModel:
    """The model of files that are known to be as the run has written them.

    Read are the network ``<task>_network/best_model.pth``, statistics and calibration as JSON, and the folder
    ``<task>_alarm``. `n_threads` copies of the network are held in memory. Looked at are, in this order: libraries,
    parameters, network, its bands, statistics, alarm, calibration.

    Parameters
    ----------
    folder
        Holds the files of `NEEDED`, each as ``<task><end>``.
    parameters
        Of the task, as the manifest tells them.
    n_threads
        Images that may be looked at at the same time.

    Raises
    ------
    ConfigError
        Torch is not installed, or the network takes other bands than a picture has.
    InputFileError
        The parameters are not as this version reads them.
    ModelFileError
        The files do not belong together.
    """
    _require_libraries()
    from entropice.io.arrays import read_arrays
    from entropice.io.networks import TrainedNetwork
    from entropice.networks.export import read_checkpoint, require_statistics
    from entropice.pipelines.kinds.image_class.judging import NETWORK as JUDGED
    from entropice.pipelines.kinds.image_class.judging import alarm_of, network_predict
    from entropice.pipelines.kinds.image_class.parameters import ClassEvaluationParameters, ClassSampleParameters
    from entropice.pipelines.training.parameters import TrainingParameters

    path, statistics = folder / f"{task}{NEEDED[NETWORK][0]}", _json(folder / f"{task}{NEEDED[STATISTICS][0]}")
    try:
        given = _Parameters.model_validate(parameters)
        training = TrainingParameters.model_validate(given.training)
        samples = ClassSampleParameters.model_validate(given.samples)
        evaluation = ClassEvaluationParameters.model_validate(given.evaluation)
    except ValidationError as error:
        raise _other_parameters(task, error) from error
    checkpoint = read_checkpoint(path)
    specification = checkpoint.specification
    _require_colours(specification.bands)
    require_statistics(checkpoint, sha256_of_value(statistics), path)
    trained = TrainedNetwork(path, checkpoint, [], {})
    familiar, alarm = alarm_of(read_arrays(folder / f"{task}_{ALARM}"))
    return ClassModel(
        [(one.name, one.title) for one in samples.classes],
        specification.n_pixels,
        {
            "architecture": specification.architecture,
            "encoder": specification.encoder,
            "bands": list(specification.bands),
            "versions": dict(checkpoint.versions),
        },
        from_document(statistics, path, samples.statistics.dataset_version, specification.bands),
        ClassCalibration.from_json(_json(folder / f"{task}{NEEDED[CALIBRATION][0]}")[JUDGED]),
        familiar,
        alarm,
        [network_predict(trained, training, evaluation) for _ in range(n_threads)],
    )


def _json(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _require_libraries() -> None:
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        raise ConfigError(
            "Networks are not computed here.",
            got=f"no {', no '.join(missing)}",
            expected="Entropice with its extra imagery",
            fix="pip install -e '.[imagery,serve]' where the server runs",
        )


def _require_colours(bands: Sequence[str]) -> None:
    if tuple(bands) != RGB:
        raise ConfigError(
            "The network takes other bands than a picture has.",
            field="bands",
            got=", ".join(bands),
            expected=", ".join(RGB),
            fix="serve a task whose images are pictures in true colour",
        )


def _other_parameters(task: str, error: ValidationError) -> InputFileError:
    first = error.errors()[0]
    return InputFileError(
        "The parameters of the task are not as this version reads them.",
        field=".".join(("tasks", task, *map(str, first["loc"]))),
        got=first["msg"],
        expected="parameters of this version",
        fix="make the run again with this version",
    )
