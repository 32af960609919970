"""What is known, as plain values of answers; pure functions of a catalogue."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from entropice.errors import EntropiceError
from entropice.run_folders import IMAGES
from entropice.serve.boxes import Box
from entropice.serve.catalogue import Catalogue, Known, ServedRun
from entropice.serve.classifying import ClassModel, Verdict
from entropice.serve.parts import State
from entropice.serve.pictures import Upload
from entropice.serve.refusals import Refusal, because
from entropice.serve.served_cells import ServedCells
from entropice.serve.served_images import Cut, Forecast, ServedImages

NONE_OF_THESE = "none_of_these"
_SUMMARISED = (
    "schema", "run_id", "entropice_version", "title", "description", "purpose", "notice", "attributions",
    "rebuild_command", "crs", "grid", "n_cells", "years", "classes", "map_model", "composition", "seeds", "versions",
    "code_sha256",
)  # fmt: skip


def error_of(error: EntropiceError | None) -> dict[str, str | None] | None:
    """An error as clients see it: ``what field got expected fix``, without paths of the server; None for None."""
    return None if error is None else because(error).error


def run_entry(name: str, known: Known) -> dict[str, Any]:
    """A run in a list: ``id is_available kind title version refused pending``.

    ``kind`` is ``cells`` or ``images``; ``kind``, ``title`` and ``version`` (the run's id) are those of what answers,
    else of what lies there, and None where its manifest was never read.
    """
    manifest = _answering(known)
    return {
        "id": name,
        "is_available": known.run.served is not None,
        "kind": None if manifest is None else "images" if manifest["schema"] == IMAGES else "cells",
        "title": None if manifest is None else manifest["title"],
        "version": None if manifest is None else manifest["run_id"],
        "refused": error_of(known.run.refused),
        "pending": error_of(known.run.pending),
    }


def run_document(name: str, known: Known, run: ServedRun) -> dict[str, Any]:
    """What a run says of itself: the keys of `run_entry`, and ``summary``, ``layers`` and ``models``.

    The summary has, as far as the manifest does, ``schema run_id entropice_version title description purpose notice
    attributions rebuild_command crs grid n_cells years classes map_model composition seeds versions code_sha256``, and
    ``tasks`` with ``name title kind kind_title`` each.
    """
    summary: dict[str, Any] = {key: run.manifest[key] for key in _SUMMARISED if key in run.manifest}
    summary["tasks"] = [
        {key: task[key] for key in ("name", "title", "kind", "kind_title") if key in task}
        for task in run.manifest.get("tasks", [])
    ]
    models = [f"{name}:{task}" for task in known.models]
    return {**run_entry(name, known), "summary": summary, "layers": layer_names(run), "models": models}


def layer_names(run: ServedRun) -> list[str]:
    """Of all layers of a run, in its order; each is a name that ``/runs/<run>/layers`` knows.

    Of images ``<task>_<name>``; of cells as `ServedCells.layer_names` has them.
    """
    return run.layer_names if isinstance(run, ServedCells) else list(run.layers)


def model_entries(catalogue: Catalogue) -> list[dict[str, Any]]:
    """All networks, the one that answers unless another is named first.

    Each has ``id run task is_available is_default version run_version classes edge_px facts refused pending``;
    ``classes`` has titles by name, ``facts`` ``architecture encoder bands versions``. What only a network tells is None
    where none answers.
    """
    return [
        _model_entry(name, state, is_default=number == 0, catalogue=catalogue)
        for number, (name, state) in enumerate(catalogue.models.items())
    ]


def _model_entry(name: str, state: State[ClassModel], *, is_default: bool, catalogue: Catalogue) -> dict[str, Any]:
    run, _, task = name.rpartition(":")
    model = state.served
    manifest = _answering(catalogue.runs[run])
    return {
        "id": name,
        "run": run,
        "task": task,
        "is_available": model is not None,
        "is_default": is_default,
        "version": None if model is None else state.version,
        "run_version": None if manifest is None else manifest["run_id"],
        "classes": None if model is None else dict(zip(model.names, model.titles, strict=True)),
        "edge_px": None if model is None else model.edge_px,
        "facts": None if model is None else dict(model.facts),
        "refused": error_of(state.refused),
        "pending": error_of(state.pending),
    }


def _answering(known: Known) -> Mapping[str, Any] | None:
    """The manifest of what answers, which need not be the one that lies there now."""
    return known.manifest if known.run.served is None else known.run.served.manifest


def health_document(catalogue: Catalogue) -> dict[str, Any]:
    """How many runs and models answer, and why others don't.

    ``status`` is ``degraded`` where anything is refused, else ``ok``; ``n_runs`` and ``n_models`` are those that
    answer; ``refused`` and ``pending`` have the error of each run or model by its id.
    """
    states: dict[str, State[Any]] = {name: known.run for name, known in catalogue.runs.items()}
    states |= catalogue.models
    refused = {name: error_of(state.refused) for name, state in states.items() if state.refused is not None}
    return {
        "status": "degraded" if refused else "ok",
        "n_runs": sum(known.run.served is not None for known in catalogue.runs.values()),
        "n_models": sum(state.served is not None for state in catalogue.models.values()),
        "refused": refused,
        "pending": {name: error_of(state.pending) for name, state in states.items() if state.pending is not None},
    }


def classified(name: str, state: State[ClassModel], model: ClassModel, upload: Upload) -> dict[str, Any]:
    """What a network says of an image.

    ``ice_type`` is the class with the largest chance, of equal ones the first, and ``confidence`` that chance; where
    the alarm rings they are ``none_of_these`` and None. ``probabilities`` of all classes sum to 1 in either case.
    ``none_of_these`` has ``rings strangeness threshold false_alarm_rate``, ``image`` ``width_px height_px
    is_resampled``; ``model`` and ``version`` are those of what answers.
    """
    verdict, (width_px, height_px) = model.verdict(upload.image), upload.n_pixels
    ice_type, confidence = _answer(model, verdict)
    return {
        "ice_type": ice_type,
        "confidence": confidence,
        "probabilities": dict(zip(model.names, verdict.chances, strict=True)),
        "none_of_these": {
            "rings": verdict.rings,
            "strangeness": verdict.strangeness,
            "threshold": model.alarm.threshold,
            "false_alarm_rate": model.alarm.false_alarm_rate,
        },
        "image": {"width_px": width_px, "height_px": height_px, "is_resampled": upload.is_resampled},
        "model": name,
        "version": state.version,
    }


def _answer(model: ClassModel, verdict: Verdict) -> tuple[str, float | None]:
    if verdict.rings:
        return NONE_OF_THESE, None
    best = int(np.argmax(verdict.chances))
    return model.names[best], verdict.chances[best]


def week_document(name: str, run: ServedImages, forecast: Forecast, box: Box, max_values: int) -> dict[str, Any]:
    """Seven days in a box.

    Keys are ``run version task quantity title unit notice grid n_pixels lon_deg lat_deg days``; ``grid`` has ``crs
    left_m top_m pixel_m n_rows n_columns``, a day ``day begins ends description values``, counted from 1, its ends as
    ISO 8601 or None. Values are by day, row and column of the smallest rectangle that holds the box, None outside of
    the box and where nothing is known; ``lon_deg`` and ``lat_deg`` by row and column. Where the box holds no pixel's
    middle, ``grid`` is None and the lists are empty. As many as `max_values`, counted over all days, still pass.

    Raises
    ------
    Refusal
        422: the box holds more values than are written as text.
    """
    cut, first = forecast.within(box), forecast.days[0]
    if cut is not None and cut.values.size > max_values:
        raise Refusal(
            422,
            "The box holds too many values.",
            field="box",
            got=f"{cut.values.size} values",
            expected=f"at most {max_values}",
            fix="ask for a smaller box, or for the layers as .parquet",
        )
    return {
        "run": name,
        "version": run.manifest["run_id"],
        "task": forecast.task,
        "quantity": forecast.band,
        "title": first.title,
        "unit": first.unit,
        "notice": run.manifest["notice"],
        "grid": None if cut is None else _grid(cut, first.pixel_m, run.manifest["crs"]),
        "n_pixels": 0 if cut is None else cut.n_inside,
        "lon_deg": [] if cut is None else cut.lon_deg.tolist(),
        "lat_deg": [] if cut is None else cut.lat_deg.tolist(),
        "days": [_day(number, forecast, cut) for number in range(len(forecast.days))],
    }


def _grid(cut: Cut, pixel_m: float, crs: str) -> dict[str, Any]:
    _, n_rows, n_columns = cut.values.shape
    return {
        "crs": crs,
        "left_m": cut.left_m,
        "top_m": cut.top_m,
        "pixel_m": pixel_m,
        "n_rows": n_rows,
        "n_columns": n_columns,
    }


def _day(number: int, forecast: Forecast, cut: Cut | None) -> dict[str, Any]:
    layer = forecast.days[number]
    return {
        "day": number + 1,
        "begins": None if layer.begins is None else layer.begins.isoformat(),
        "ends": None if layer.ends is None else layer.ends.isoformat(),
        "description": layer.description,
        "values": [] if cut is None else _with_nulls(cut.values[number]),
    }


def _with_nulls(values: Any) -> list[list[float | None]]:
    plain = values.astype(object)
    plain[~np.isfinite(values)] = None
    nested: list[list[float | None]] = plain.tolist()
    return nested
