"""What stands before all routes: how many requests are open, how much a body may weigh and how long it may take."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entropice.serve.limits import Limits
from entropice.serve.refusals import Refusal, unavailable

_DRAINED_SHARE: Final = 4
"""Limits of a body that are read and thrown away before a refusal: a client that still sends would not hear it."""


class Door:
    """A layer of ASGI: bodies are counted while they arrive, before anything looks at them."""

    def __init__(self, app: ASGIApp, limits: Limits, hosts: tuple[str, ...] = ()) -> None:
        self._app = app
        self._limits = limits
        self._hosts = hosts
        self._n_open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._n_open += 1
        try:
            await self._enter(scope, receive, send)
        finally:
            self._n_open -= 1

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._misaddressed(scope) or self._crowded() or self._announced_too_much(scope)
        if refusal is None:
            await self._app(scope, _Counted(receive, self._limits), send)
        else:
            await _drained(receive, self._limits)
            await refusal.response(scope, receive, send)

    def _misaddressed(self, scope: Scope) -> Refusal | None:
        """A refusal of requests to another name: a web page could point a name of its own at this machine."""
        addressed = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        name = addressed.rpartition("]")[0].removeprefix("[") or addressed.partition(":")[0]
        if not self._hosts or name in self._hosts:
            return None
        return Refusal(
            400,
            "The request is addressed to another host.",
            field="Host",
            got=addressed,
            expected=", ".join(self._hosts),
        )

    def _crowded(self) -> Refusal | None:
        if self._n_open <= self._limits.max_requests:
            return None
        return unavailable(
            "Too many requests are open.",
            field="requests",
            got=self._n_open,
            expected=f"at most {self._limits.max_requests}",
            fix="send the request again after the seconds of Retry-After",
        )

    def _announced_too_much(self, scope: Scope) -> Refusal | None:
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        n_bytes = int(announced) if announced.isdigit() else 0
        return _too_large(n_bytes, self._limits) if n_bytes > self._limits.max_upload_bytes else None


class _Counted:
    """A body that is refused once more of it has come than may, or once its time has run out."""

    def __init__(self, receive: Receive, limits: Limits) -> None:
        self._receive = receive
        self._limits = limits
        self._n_bytes = 0
        self._is_whole = False
        self._ends_s = asyncio.get_running_loop().time() + limits.timeout_s

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        message = await self._in_time()
        self._n_bytes += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._n_bytes > self._limits.max_upload_bytes:
            if not self._is_whole:
                await _drained(self._receive, self._limits)
            raise _too_large(self._n_bytes, self._limits)
        return message

    async def _in_time(self) -> Message:
        try:
            async with asyncio.timeout_at(self._ends_s):
                return await self._receive()
        except TimeoutError as error:
            raise Refusal(
                408,
                "The body did not arrive in time.",
                field="body",
                got=f"{self._n_bytes} bytes",
                expected=f"all of it within {self._limits.timeout_s:g} s",
                fix="send it again, over a faster connection or smaller",
            ) from error


async def _drained(receive: Receive, limits: Limits) -> None:
    """Read on for a while, so that the client, which may send before it listens, hears the refusal."""
    n_left = _DRAINED_SHARE * limits.max_upload_bytes
    try:
        async with asyncio.timeout(limits.timeout_s):
            while n_left > 0:
                message = await receive()
                n_left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def _too_large(n_bytes: int, limits: Limits) -> Refusal:
    return Refusal(
        413,
        "The body is too large.",
        field="body",
        got=f"{n_bytes} bytes or more",
        expected=f"at most {limits.max_upload_bytes} bytes",
        fix="send a smaller image, or start the server with a greater --max-upload-bytes",
    )
