"""What a request announces is heeded before anything of it is read or computed."""

import asyncio
from typing import Any

import pytest

from entropice.serve.door import Door
from entropice.serve.limits import Limits


def _asked(content_length: bytes) -> tuple[int, list[str]]:
    """The status of the answer, and what the application was asked for."""
    asked, statuses = [], []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        statuses.append(message.get("status"))

    scope = {"type": "http", "path": "/classify", "method": "POST", "headers": [(b"content-length", content_length)]}
    asyncio.run(Door(app, Limits(max_upload_bytes=100))(scope, receive, send))
    return statuses[0], asked


@pytest.mark.parametrize("content_length", [b"0", b"100", b"many", b"-1"])
def test_what_may_be_is_passed_on(content_length: bytes) -> None:
    assert _asked(content_length) == (200, ["/classify"])


def test_one_byte_too_many_is_refused_before_the_application_hears_of_it() -> None:
    assert _asked(b"101") == (413, [])
