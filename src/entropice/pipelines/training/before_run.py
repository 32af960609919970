"""What would stop a training after hours of other work, looked at before a run begins."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from entropice.errors import ConfigError, without_keys
from entropice.networks.tracking.registry import TRACKERS
from entropice.pipelines.training.parameters import NetworkParameters, TrackingParameters

MODULES: Final = ("torch", "torchvision", "timm", "segmentation_models_pytorch", "safetensors")
"""Of the extra ``imagery``."""

SECONDS_TO_ANSWER: Final = 5.0


def require_buildable(network: NetworkParameters, bands: tuple[str, ...]) -> None:
    """Pass only a network whose libraries, encoder and weights are here, and whose parts go together.

    Names, options and files are looked at; no network is built and no weights are loaded. `bands` are what it sees, in
    this order.

    Raises
    ------
    ConfigError
        A library is not installed; architecture, encoder, fusion or options are not known or do not go together; bands
        lack red, green and blue, or others, that the fusion joins; or packaged weights are of another encoder.
    InputFileError
        There is no file of weights, or it is damaged, needs pickle, or is of another network. The field of either error
        is a parameter of the network.
    """
    missing = [module for module in MODULES if find_spec(module) is None]
    if missing:
        raise ConfigError(
            "Networks need the extra imagery, which is not installed.",
            field="architecture",
            got=f"no module {', '.join(missing)}",
            expected=", ".join(MODULES),
            fix='pip install "entropice[imagery]"',
        )
    from entropice.networks.architecture import NetworkSpecification
    from entropice.networks.architectures import require_buildable as require_known
    from entropice.networks.begun_from import require_fitting
    from entropice.networks.fusion import places_of
    from entropice.networks.weights import located

    specification = NetworkSpecification(
        network.architecture, network.encoder, bands, fusion=network.fusion, options=network.settings
    )
    require_known(specification)
    if network.fusion != "stacked":
        places_of(bands)
    if network.encoder_weights is not None:
        located(network.encoder_weights, network.encoder)
    if network.begun_from is not None:
        require_fitting(specification, Path(network.begun_from))


def require_tracked(tracking: TrackingParameters) -> None:
    """Pass only trackers whose packages are here, and whose servers answer.

    A server is asked once, and has 5 s; whatever it answers will do. Folders are not looked at.

    Raises
    ------
    ConfigError
        A package is not installed, or a server does not answer; its field is a parameter of the training.
    """
    for kind in TRACKERS:
        if kind.name in tracking.places:
            where = tracking.places[kind.name]
            kind.require_installed(where)
            if where.startswith(("http://", "https://")):
                _require_answer(kind.name, where)


def _require_answer(name: str, where: str) -> None:
    import requests

    try:
        # Any answer will do, a refusal too: it is the tracker that signs in.
        requests.get(where, timeout=SECONDS_TO_ANSWER)
    except requests.RequestException as error:
        raise ConfigError(
            "The server that the training is to be tracked by does not answer.",
            field=f"tracking.{name}",
            got=f"{without_keys(where)}: {type(error).__name__}",
            expected="an address that answers",
            fix=f"correct tracking.{name}, start the server, or name a folder",
        ) from error
