"""Where training stands between two steps, and its files."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from entropice.errors import InputFileError, RunStateError
from entropice.networks.log import Row
from entropice.networks.tensor_files import Tensors, from_bytes, to_bytes

LAYOUT_VERSION: Final = 1
DOCUMENT: Final = "state.json"
TENSORS: Final = ("weights", "average", "moments")


@dataclass(frozen=True)
class TrainingState:
    """All that the next steps depend on, beside plan, network and samples; randomness follows from the numbers here.

    Epoch and step count from 0 here, and from 1 in rows and messages. Tensors are on the processor.

    Attributes
    ----------
    epoch, step
        Of the next step: epochs that are complete, and steps of the next one that are done.
    n_steps
        Steps done in all epochs.
    weights, average
        The network's parameters and buffers, and their moving average.
    moments
        AdamW's, as ``<parameter>/<name>``; of parameters that have been frozen so far there are none.
    sums
        Of the epoch so far: the loss and what the objective counts.
    rows
        The log.
    scaler
        Of the gradients, where they are scaled (fp16); empty elsewhere.
    made_with
        Plan and machine, as far as they decide any bit.
    """

    epoch: int
    step: int
    n_steps: int
    weights: Tensors
    average: Tensors
    moments: Tensors
    sums: Mapping[str, float]
    rows: Sequence[Row]
    scaler: Mapping[str, float]
    made_with: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Names of states sort as they follow each other: ``0003-000120``, four digits of epoch and six of step."""
        return f"{self.epoch:04d}-{self.step:06d}"


def state_to_files(state: TrainingState) -> dict[str, bytes]:
    """Contents of a state's files by their names: safetensors and a JSON document; equal states give equal bytes.

    They are ``weights.safetensors``, ``average.safetensors``, ``moments.safetensors`` and ``state.json``; NaN in rows
    becomes null.

    Raises
    ------
    ValueError
        A number is infinite, or a sum is NaN: JSON has neither (of the standard library).
    """
    document = {"layout_version": LAYOUT_VERSION} | {
        field.name: getattr(state, field.name) for field in fields(state) if field.name not in TENSORS
    }
    # JSON has no NaN, and Python's own spelling of it is read by nobody else.
    document["rows"] = [without_nan(row) for row in state.rows]
    tensors = {f"{name}.safetensors": to_bytes(getattr(state, name)) for name in TENSORS}
    return tensors | {DOCUMENT: json.dumps(document, sort_keys=True, allow_nan=False, indent=1).encode()}


def state_from_files(files: Mapping[str, bytes], path: str) -> TrainingState:
    """The state that `state_to_files` has taken apart.

    It equals the one that was taken apart but for the kind of its sequences; tensors are on the processor.

    Parameters
    ----------
    path
        Where they lie, for errors.

    Raises
    ------
    RunStateError
        A file is missing, or the state is of another layout.
    InputFileError
        One is damaged.
    """
    missing = sorted({DOCUMENT, *(f"{name}.safetensors" for name in TENSORS)} - {*files})
    if missing:
        raise RunStateError("A state of training is not whole.", path=path, got=f"no {missing[0]}", fix=_FIX)
    document = _document(files[DOCUMENT], f"{path}/{DOCUMENT}")
    if (version := document.pop("layout_version", None)) != LAYOUT_VERSION:
        raise RunStateError(
            "The state of training has another layout.",
            path=path,
            field="layout_version",
            got=version,
            expected=LAYOUT_VERSION,
            fix=_FIX,
        )
    document["rows"] = tuple(_with_nan(row) for row in document["rows"])
    tensors: dict[str, Any] = {
        name: from_bytes(files[f"{name}.safetensors"], f"{path}/{name}.safetensors") for name in TENSORS
    }
    return TrainingState(**document, **tensors)


def _document(content: bytes, path: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(content)
    except ValueError as error:
        raise InputFileError(
            "A file of the state of training is damaged.", path=path, got=str(error), expected="JSON", fix=_FIX
        ) from error
    return document


_FIX: Final = "delete the folder; training then begins anew"


def without_nan(row: Row) -> dict[str, float | None]:
    """A row as JSON can hold it: None in the place of NaN, all else as it is.

    Examples
    --------
    >>> without_nan({"epoch": 3, "iou": math.nan})
    {'epoch': 3, 'iou': None}
    """
    return {name: None if math.isnan(value) else value for name, value in row.items()}


def _with_nan(row: Mapping[str, float | None]) -> dict[str, float]:
    return {name: math.nan if value is None else value for name, value in row.items()}


def require_same(state: TrainingState, made_with: Mapping[str, Any]) -> None:
    """Pass only a state that this plan and machine have made.

    What the state says beside the names of `made_with` is not looked at; a name that it lacks differs.

    Raises
    ------
    RunStateError
        They differ: the steps to come would not continue those that are done.

    Examples
    --------
    >>> state = TrainingState(0, 5, 5, {}, {}, {}, {}, (), {}, made_with={"seed": 1, "n_threads": 2})
    >>> require_same(state, {"seed": 1})
    >>> require_same(state, {"seed": 2})
    Traceback (most recent call last):
        ...
    entropice.errors.RunStateError: The state of training was made otherwise than it would be continued; ...
    """
    differing = [name for name in made_with if made_with[name] != state.made_with.get(name)]
    if differing:
        raise RunStateError(
            "The state of training was made otherwise than it would be continued; its bits would differ.",
            field=", ".join(differing),
            got=[made_with[name] for name in differing],
            expected=[state.made_with.get(name) for name in differing],
            fix=f"continue as it was begun, or {_FIX}",
        )
