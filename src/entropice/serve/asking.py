"""What a request asks, looked up in a catalogue: ids are those of what was found, and nothing else counts."""

from typing import Any, TypeVar

from entropice.serve.catalogue import Catalogue, Known, ServedRun
from entropice.serve.classifying import ClassModel
from entropice.serve.parts import State
from entropice.serve.refusals import Refusal, because, not_found, unavailable
from entropice.serve.served_cells import ServedCells
from entropice.serve.served_images import FRAMES, Forecast, ServedImages

T = TypeVar("T")


def run_of(catalogue: Catalogue, run: str) -> ServedRun:
    """The run of an id.

    A `ServedCells` or a `ServedImages`; while a new version is pending, the one before.

    Raises
    ------
    Refusal
        404: there is none. 503: it lies damaged there.
    """
    return served(known_of(catalogue, run).run)


def known_of(catalogue: Catalogue, run: str) -> Known:
    """What is known of the run of an id, whether it answers or not.

    Raises
    ------
    Refusal
        404: there is none.
    """
    if run not in catalogue.runs:
        raise not_found("run", run, list(catalogue.runs))
    return catalogue.runs[run]


def cells_of(catalogue: Catalogue, run: str) -> ServedCells:
    """The run of cells of an id.

    What is wrong with the id comes before what is wrong with its kind.

    Raises
    ------
    Refusal
        404: there is none, or it is of images. 503: it lies damaged there.
    """
    found = run_of(catalogue, run)
    if not isinstance(found, ServedCells):
        raise Refusal(
            404, "The run is of images and has no cells.", field="run", got=run, expected="a run whose kind is cells"
        )
    return found


def model_of(catalogue: Catalogue, model: str | None) -> tuple[str, ClassModel, State[ClassModel]]:
    """The model of an id, or that of the newest run.

    A newest model that lies damaged is no reason to answer with an older one, which nobody has asked for.

    Returned are its id, ``<run>:<task>``, the model, and how it stands, with its version. Without an id it is the first
    of `Catalogue.models`.

    Raises
    ------
    Refusal
        404: there is none of this id. 503: there is none yet, or it lies damaged there.
    """
    models = catalogue.models
    if model is None and not models:
        raise unavailable(
            "There is no model yet.",
            field="model",
            got="no run with a task that names classes",
            expected="one below the folder that is served",
            fix="kedro run --env sea_ice",
        )
    chosen = next(iter(models)) if model is None else model
    if chosen not in models:
        raise not_found("model", chosen, list(models))
    return chosen, served(models[chosen]), models[chosen]


def forecast_of(catalogue: Catalogue, run: str | None, quantity: str | None) -> tuple[str, ServedImages, Forecast]:
    """A week's forecast of a run, or of the newest that has one.

    Returned are the id of the run, the run and the forecast; without a `quantity` it is the first of the run. Without a
    `run` it is the one with the newest manifest among those with a task of frames, also where it does not answer.

    Raises
    ------
    Refusal
        404: there is no such run or quantity. 503: there is none yet, or it lies damaged there.
    """
    chosen = _newest_with_frames(catalogue) if run is None else run
    found = run_of(catalogue, chosen)
    forecasts = {each.band: each for each in reversed(found.forecasts)} if isinstance(found, ServedImages) else {}
    if not isinstance(found, ServedImages) or not forecasts:
        raise Refusal(404, "The run has no forecast of a week.", field="run", got=chosen, expected="a run with frames")
    if quantity is None:
        return chosen, found, found.forecasts[0]
    if quantity not in forecasts:
        raise not_found("quantity", quantity, list(forecasts))
    return chosen, found, forecasts[quantity]


def _newest_with_frames(catalogue: Catalogue) -> str:
    with_frames = {name: known for name, known in catalogue.runs.items() if _has_frames(known)}
    if not with_frames:
        raise unavailable(
            "There is no forecast yet.",
            field="run",
            got="no run with a task of frames",
            expected="one below the folder that is served",
            fix="kedro run --env sea_ice",
        )
    return max(with_frames, key=lambda name: with_frames[name].modified_ns)


def _has_frames(known: Known) -> bool:
    tasks: list[dict[str, Any]] = [] if known.manifest is None else known.manifest.get("tasks", [])
    return any(task.get("kind") == FRAMES for task in tasks)


def served(state: State[T]) -> T:
    """What answers.

    That is `State.served`, also while a newer version is pending.

    Raises
    ------
    Refusal
        503: nothing does; with the reason, where there is one.
    """
    if state.served is None:
        # a state has one of the two
        raise because(state.refused) if state.refused is not None else unavailable("It is not there yet.")
    return state.served
