"""What can be asked. Each request takes the catalogue once, so that its answer is of one moment."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Path, Query, UploadFile
from starlette.responses import Response

from entropice.serve import answers
from entropice.serve.asking import cells_of, forecast_of, known_of, model_of, run_of
from entropice.serve.boxes import box_from, box_of
from entropice.serve.catalogue import Catalogue
from entropice.serve.documents import as_geojson, as_parquet
from entropice.serve.limits import Limits
from entropice.serve.pictures import picture_of
from entropice.serve.pool import Pool
from entropice.serve.refusals import Refusal, not_found
from entropice.serve.served_cells import ServedCells
from entropice.serve.telling import (
    classified,
    health_document,
    layer_names,
    model_entries,
    run_document,
    run_entry,
    week_document,
)
from entropice.types import GeoDataFrame

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
PARQUET: Final = "application/vnd.apache.parquet"
MAX_CELLS: Final = 10_000

_REFUSED: Final[dict[str, Any]] = {"model": answers.Refused}
MAY_BE_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    400: _REFUSED | {"description": "The request can't be read"},
    404: _REFUSED | {"description": "There is nothing of this id"},
    408: _REFUSED | {"description": "The body did not arrive in time"},
    413: _REFUSED | {"description": "More than the server takes"},
    415: _REFUSED | {"description": "No picture that is read here"},
    422: _REFUSED | {"description": "A value that can't be"},
    503: _REFUSED
    | {
        "description": "Not now: come again after the seconds of Retry-After; or damaged on the server",
        "headers": {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}},
    },
}

RunId = Annotated[str, Path(description="as /api/v1/runs lists it", max_length=500)]
Name = Annotated[str, Path(max_length=200)]
Longitude = Annotated[float, Query(allow_inf_nan=False, ge=-180, le=180, description="degrees east")]
Latitude = Annotated[float, Query(allow_inf_nan=False, ge=-90, le=90, description="degrees north")]


@dataclass(frozen=True)
class Served:
    """What routes ask.

    Attributes
    ----------
    catalogue
        What is known now.
    classifying, reading
        Threads for networks, and for all else that takes time.
    """

    catalogue: Callable[[], Catalogue]
    limits: Limits
    classifying: Pool
    reading: Pool


def routes_of(served: Served) -> APIRouter:
    """All routes below ``/api/v1``.

    They are ``/health``, ``/models``, ``/runs`` and, below a run, its cells and layers as GeoParquet or GeoJSON;
    ``/classify`` takes a picture and ``/predictions/7day`` a box. A page of cells has 1,000 unless ``limit`` says
    otherwise, 10,000 at most. A quantity that is not known is null. Answers that take time are computed in the pools;
    refusals are listed in `MAY_BE_REFUSED`.
    """
    router = APIRouter(prefix="/api/v1", responses=MAY_BE_REFUSED)
    _add_overview(router, served)
    _add_imagery(router, served)
    _add_runs(router, served)
    return router


def _add_overview(router: APIRouter, served: Served) -> None:
    @router.get("/health", tags=["server"])
    async def health() -> answers.Health:
        """Whether the server answers, and what it lacks."""
        pools = served.classifying, served.reading
        n_open, n_places = sum(pool.n_open for pool in pools), sum(pool.n_places for pool in pools)
        told = health_document(served.catalogue())
        return answers.Health(version=version("entropice"), n_open=n_open, n_places=n_places, **told)

    @router.get("/models", tags=["images"])
    async def models() -> answers.Models:
        """Networks that classify, with versions; the first answers where no other is named."""
        return answers.Models(models=[answers.Model(**entry) for entry in model_entries(served.catalogue())])

    @router.get("/runs", tags=["runs"])
    async def runs() -> answers.Runs:
        """All runs that were found, with the reason where one does not answer."""
        known = served.catalogue().runs
        return answers.Runs(runs=[answers.RunSummary(**run_entry(name, one)) for name, one in known.items()])


def _add_imagery(router: APIRouter, served: Served) -> None:
    @router.post("/classify", tags=["images"], response_model=answers.Classified)
    async def classify(
        image: Annotated[UploadFile, File(description="a picture in red, green and blue of 8 bits")],
        model: Annotated[str | None, Query(description="as /api/v1/models lists it; else the newest")] = None,
    ) -> Response:
        """Which type of ice an image shows, how sure that is, and whether it is none of these."""
        name, network, state = model_of(served.catalogue(), model)
        content = await image.read()

        def answer() -> Response:
            upload = picture_of(content, network.edge_px, served.limits)
            return _json(classified(name, state, network, upload))

        return await served.classifying.answer(answer)

    @router.get("/predictions/7day", tags=["images"], response_model=answers.Week)
    async def predictions(
        min_lon: Longitude,
        min_lat: Latitude,
        max_lon: Longitude,
        max_lat: Latitude,
        run: Annotated[str | None, Query(description="as /api/v1/runs lists it; else the newest")] = None,
        quantity: Annotated[str | None, Query(description="what is forecast; else the run's first")] = None,
    ) -> Response:
        """Seven days of ice in a box; one whose west is greater than its east crosses the antimeridian."""
        box = box_of(min_lon, min_lat, max_lon, max_lat)
        name, found, forecast = forecast_of(served.catalogue(), run, quantity)
        limit = served.limits.max_values
        return await served.reading.answer(lambda: _json(week_document(name, found, forecast, box, limit)))


def _add_runs(router: APIRouter, served: Served) -> None:
    @router.get("/runs/{run}", tags=["runs"])
    async def one_run(run: RunId) -> answers.Run:
        """What a run says of itself, its layers and its models."""
        catalogue = served.catalogue()
        return answers.Run(**run_document(run, known_of(catalogue, run), run_of(catalogue, run)))

    @router.get("/runs/{run}/cells", tags=["runs"], response_model=answers.Cells)
    async def cells(
        run: RunId,
        bbox: Annotated[str | None, Query(description="min_lon,min_lat,max_lon,max_lat of cells' middles")] = None,
        cell_id: Annotated[str | None, Query(description="of one cell, as the grid spells it")] = None,
        year: Annotated[int | None, Query(description="else the last")] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_CELLS)] = 1000,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    ) -> Response:
        """Probabilities of cells in a year: all, those of a box, or one."""
        found = cells_of(served.catalogue(), run)
        return await served.reading.answer(
            lambda: _json({"run": run, **_page_of_cells(found, bbox, cell_id, year, limit, offset)})
        )

    @router.get("/runs/{run}/cells/{cell_id}", tags=["runs"], response_model=answers.Cell)
    async def cell(run: RunId, cell_id: Name) -> Response:
        """All that a run tells of a cell: probabilities by year, doubts and drivers."""
        found = cells_of(served.catalogue(), run)
        row = _row_of(found, cell_id)
        if row is None:
            raise not_found("cell", cell_id, ["one that /cells lists"])
        return await served.reading.answer(lambda: _json({"run": run, **found.whole(row)}))

    for suffix, media_type, written in (
        ("parquet", PARQUET, as_parquet),
        ("geojson", GEOJSON, partial(as_geojson, max_features=served.limits.max_features)),
    ):
        _add_layer(router, served, suffix, media_type, written)


def _add_layer(
    router: APIRouter, served: Served, suffix: str, media_type: str, written: Callable[[GeoDataFrame], bytes]
) -> None:
    @router.get(
        f"/runs/{{run}}/layers/{{name}}.{suffix}",
        tags=["runs"],
        name=f"layer_{suffix}",
        response_class=Response,
        responses={200: {"content": {media_type: {}}, "description": f"The layer as {suffix}"}},
    )
    async def layer(run: RunId, name: Name) -> Response:
        """A layer of a run as a file."""
        found = run_of(served.catalogue(), run)
        if name not in layer_names(found):
            raise not_found("layer", name, layer_names(found))
        return await served.reading.answer(lambda: Response(written(found.layer(name)), media_type=media_type))


def _page_of_cells(
    run: ServedCells, bbox: str | None, cell_id: str | None, year: int | None, limit: int, offset: int
) -> dict[str, Any]:
    chosen_year = run.run.years[-1] if year is None else year
    if chosen_year not in run.run.years:
        raise not_found("year", str(year), [str(one) for one in run.run.years])
    rows = _rows(run, bbox, cell_id)
    page = rows[offset : offset + limit]
    return {
        "year": chosen_year,
        "n_found": len(rows),
        "offset": offset,
        "cells": run.in_year(page, chosen_year),
    }


def _rows(run: ServedCells, bbox: str | None, cell_id: str | None) -> Any:
    import numpy as np

    if bbox is not None and cell_id is not None:
        raise Refusal(
            422, "Cells are chosen in one way.", field="bbox, cell_id", got="both", expected="one of them or none"
        )
    if bbox is not None:
        return run.within(box_from(bbox))
    if cell_id is None:
        return np.arange(len(run.cells))
    row = _row_of(run, cell_id)
    return np.array([] if row is None else [row], dtype=np.int64)


def _row_of(run: ServedCells, spelt: str) -> int | None:
    number = run.cell_id(spelt)
    if number is None:
        example = run.spelt(int(run.cells["cell_id"].iloc[0]))
        raise Refusal(422, "This is no cell of the grid.", field="cell_id", got=spelt, expected=f"such as {example}")
    return run.row_of(number)


def _json(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document, allow_nan=False, ensure_ascii=False).encode(), media_type=JSON)
