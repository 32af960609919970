"""Which one file a step's error is about, where the error does not say."""

from collections.abc import Iterator, Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any

from entropice.app.configuration.faults import Origin
from entropice.errors import EntropiceError

if TYPE_CHECKING:
    from kedro.io import DataCatalog
    from kedro.pipeline import Node

    from entropice.app.configuration.parameters import Parameters


def file_at_fault(error: EntropiceError, node: "Node", inputs: Mapping[str, Any], catalog: "DataCatalog") -> str | None:
    """The input that was looked at where the error arose; the step's first one where that is not to be told.

    A given file is at fault before anything that this project has made.

    `inputs` maps names of datasets to what the step was given. It is the one input that the innermost call which held
    any held, by identity; the first where that held several. None where no input of the step has a path.
    """
    from entropice.io.sources import SourceDataset

    paths = {name: path for name in node.inputs if (path := getattr(catalog.get(name), "path", None)) is not None}
    sources = [name for name in paths if isinstance(catalog.get(name), SourceDataset)]
    candidates = sources or list(paths)
    if len(candidates) < 2:
        return str(paths[candidates[0]]) if candidates else None
    return str(paths[_looked_at(error, {name: inputs.get(name) for name in candidates}) or candidates[0]])


def parameter_file(error: EntropiceError, parameters: "Parameters", origin: Origin) -> str | None:
    """The file of the first parameter that the error names; None where it names none.

    `error.field` is a dotted name, or several with commas between them; `origin` names the file that gives it, or the
    command line.
    """
    location = tuple((error.field or "").partition(",")[0].strip().split("."))
    is_parameter = location[0] in type(parameters).model_fields and parameters.section(*location) is not None
    return origin(location) if is_parameter else None


def _looked_at(error: EntropiceError, inputs: Mapping[str, Any]) -> str | None:
    """The one input that the innermost call that held any of them held."""
    for frame in _frames_from_within(error):
        # By identity: equal frames are no sign, and comparing arrays costs time and may fail.
        held = {id(value) for value in frame.f_locals.values()}
        names = [name for name, value in inputs.items() if id(value) in held]
        if names:
            return names[0] if len(names) == 1 else None
    return None


def _frames_from_within(error: EntropiceError) -> Iterator[FrameType]:
    frames, traceback = [], error.__traceback__
    while traceback is not None:
        frames.append(traceback.tb_frame)
        traceback = traceback.tb_next
    return reversed(frames)
