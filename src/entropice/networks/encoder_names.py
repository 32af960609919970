"""Names of encoders: those of `segmentation_models_pytorch`, and ``tu-`` before those of `timm`."""

from typing import Final

from entropice.errors import ConfigError, suggestion

OF_TIMM: Final = "tu-"


def timm_name(encoder: str) -> str:
    """How `timm` calls an encoder; whether it has one is not asked.

    Names of `segmentation_models_pytorch` differ by hyphens; what follows ``tu-`` stands as it is.

    Examples
    --------
    >>> timm_name("tu-tf_efficientnet_lite0"), timm_name("efficientnet-b7"), timm_name("resnet50")
    ('tf_efficientnet_lite0', 'efficientnet_b7', 'resnet50')
    """
    return encoder.removeprefix(OF_TIMM) if encoder.startswith(OF_TIMM) else encoder.replace("-", "_")


def require_of_any(encoder: str, example: str | None) -> None:
    """Pass only an encoder that decoders of pixels can be built on, of either library.

    A name of `timm` passes with and without ``tu-``; older names with ``timm-`` are refused. `example` is only named in
    the error, as what the architecture is usually built on.

    Raises
    ------
    ConfigError
        There is none of this name.
    """
    from entropice.networks.libraries import smp, timm

    own = smp.encoders.get_encoder_names()
    if encoder.startswith("timm-") or not (encoder in own or timm.is_model(encoder.removeprefix(OF_TIMM))):
        raise _unknown(encoder, [*own, *_of_timm()], example)


def require_of_timm(encoder: str, example: str | None) -> None:
    """Pass only an encoder that `timm` has, by either library's name.

    `example` is only named in the error.

    Raises
    ------
    ConfigError
        There is none of this name.
    """
    from entropice.networks.libraries import timm

    if not timm.is_model(timm_name(encoder)):
        raise _unknown(encoder, _of_timm(), example)


def _of_timm() -> list[str]:
    from entropice.networks.libraries import timm

    return [OF_TIMM + name for name in timm.list_models()]


def _unknown(encoder: str, known: list[str], example: str | None) -> ConfigError:
    return ConfigError(
        f"There is no encoder {encoder!r}{suggestion(encoder, known)}",
        field="encoder",
        got=encoder,
        expected="a name of segmentation_models_pytorch, or tu- and one of timm",
        fix=f"for example {example}",
    )
