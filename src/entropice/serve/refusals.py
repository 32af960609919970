"""Answers that say no: always JSON, with what is wrong and what to do, and nothing of the server's inside."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from entropice.errors import EntropiceError

RETRY_AFTER_S: Final = 2
_MAX_GOT: Final = 200


class Refusal(HTTPException):
    """A request that is not answered.

    It is an exception of HTTP, so that one from within the reading of a body passes through FastAPI unchanged.

    Parameters
    ----------
    status
        4xx where the request is to change, 503 where it may be sent again as it is.
    what, field, got, expected, fix
        As of `EntropiceError`.
    retry_after_s
        When to come again; sent as ``Retry-After``.
    """

    def __init__(
        self,
        status: int,
        what: str,
        *,
        field: str | None = None,
        got: object = None,
        expected: object = None,
        fix: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        headers = None if retry_after_s is None else {"Retry-After": str(retry_after_s)}
        super().__init__(status, what, headers)
        self.error = _document(what, field, got, expected, fix)

    @property
    def response(self) -> JSONResponse:
        """As it is sent: ``{"error": {"what", "field", "got", "expected", "fix"}}``, the status, and ``Retry-After``.

        Each text is cut to 200 characters; null is what is not told.
        """
        return JSONResponse({"error": self.error}, self.status_code, self.headers)


def unavailable(what: str, retry_after_s: int = RETRY_AFTER_S, **words: Any) -> Refusal:
    """That something can't be answered now: 503 with ``Retry-After``, in seconds; it is returned, not raised.

    `words` are ``field``, ``got``, ``expected`` and ``fix``, as of `Refusal`. The client is told to come again after 2
    s unless more is said.
    """
    return Refusal(503, what, retry_after_s=retry_after_s, **words)


def because(error: EntropiceError) -> Refusal:
    """That what is asked for lies damaged or half-written on the server: 503, with the words of the error.

    Paths of the server are not told; it is returned, not raised.
    """
    return unavailable(error.what, field=error.field, got=error.got, expected=error.expected, fix=error.fix)


def not_found(field: str, got: str, known: Mapping[str, object] | list[str]) -> Refusal:
    """That there is nothing of a name: 404, with the names that there are; it is returned, not raised.

    Examples
    --------
    >>> not_found("run", "mine", ["h3_4", "h3_5"]).error["expected"]
    'h3_4, h3_5'
    """
    names = ", ".join(known) or "none yet"
    return Refusal(404, f"There is no such {field}.", field=field, got=got, expected=names, fix="take one of these")


def _document(what: str, field: str | None, got: object, expected: object, fix: str | None) -> dict[str, str | None]:
    told = {"what": what, "field": field, "got": got, "expected": expected, "fix": fix}
    return {name: None if value is None else _cut(str(value)) for name, value in told.items()}


def _cut(text: str) -> str:
    # an answer is UTF-8, and a request may hold halves of a character
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _MAX_GOT else text[: _MAX_GOT - 1] + "…"
