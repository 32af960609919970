"""The application: routes, the door before them, and answers to all that goes wrong."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from entropice.serve.catalogue import Catalogue
from entropice.serve.door import Door
from entropice.serve.limits import Limits
from entropice.serve.page import page_of
from entropice.serve.pool import Pool
from entropice.serve.refusals import Refusal
from entropice.serve.routes import Served, routes_of

OPENAPI: Final = "/api/v1/openapi.json"
PAGE: Final = "/docs"
_DESCRIPTION: Final = (
    "What finished runs of Entropice know: types of ice in images, a week of ice, and slumps by cell. "
    "Every refusal is JSON with what is wrong and what to do."
)


def app_of(catalogue: Callable[[], Catalogue], limits: Limits, hosts: tuple[str, ...] = ()) -> FastAPI:
    """The application over what is known at each moment.

    `catalogue` is called once a request, and has to answer at once. Routes lie below ``/api/v1``, the schema at
    ``/api/v1/openapi.json``, a page for people at ``/docs``, to which ``/`` leads. The pools of threads live as long as
    the application does. Every error is JSON as `answers.Refused` has it; what no handler knows is a 500 without a word
    of its inside.

    Parameters
    ----------
    hosts
        Names by which the server may be addressed; any where there are none. A page of a browser can give another name
        to this machine, and would then be let in.
    """
    classifying, reading = Pool(limits), Pool(limits)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as pools:
            pools.enter_context(classifying)
            pools.enter_context(reading)
            yield

    app = FastAPI(
        title="Entropice",
        version=version("entropice"),
        description=_DESCRIPTION,
        openapi_url=OPENAPI,
        docs_url=None,
        redoc_url=None,
        lifespan=living,
        redirect_slashes=False,
    )
    app.include_router(routes_of(Served(catalogue, limits, classifying, reading)))
    _add_pages(app)
    _add_refusals(app)
    app.add_middleware(Door, limits=limits, hosts=hosts)
    return app


def _add_pages(app: FastAPI) -> None:
    @app.get(PAGE, include_in_schema=False)
    async def page() -> HTMLResponse:
        return page_of(app.openapi())

    @app.get("/", include_in_schema=False)
    async def root() -> RedirectResponse:
        return RedirectResponse(PAGE)


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if isinstance(error, Refusal):
            return error.response
        asked = f"{request.method} {request.url.path}"
        refusal = Refusal(error.status_code, f"{error.detail}.", field="request", got=asked, fix=f"see {PAGE}")
        refusal.headers = error.headers
        return refusal.response

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        return _of_validation(error).response

    @app.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> Response:
        # the trace is in the server's log
        what = "The server failed; this is a fault of its own."
        return Refusal(500, what, fix="report what was asked, with the server's log").response


def _of_validation(error: RequestValidationError) -> Refusal:
    """The first of the values that can't be."""
    first: dict[str, Any] = error.errors()[0]
    place, *names = (str(part) for part in first["loc"])
    is_missing = first["type"] == "missing"
    return Refusal(
        422,
        "A value is missing." if is_missing else "A value can't be.",
        field=".".join(names) or place,
        got=_sent(error.body) if is_missing and place == "body" else None if is_missing else first.get("input"),
        expected=f"a field of a multipart form, as -F {names[-1]}=@FILE" if place == "body" and names else first["msg"],
        fix=f"see {PAGE}",
    )


def _sent(body: object) -> str:
    """The names of the fields that came in place of the one that is asked for."""
    if isinstance(body, FormData):
        return ", ".join(body.keys()) or "a form without fields"
    return "no form"
