"""Files for which a server asks who wants them."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import requests
from requests.auth import AuthBase

from entropice.acquisition.access_tokens import AccessTokens
from entropice.acquisition.http import HttpClient
from entropice.acquisition.retry import RetryPolicy
from entropice.errors import DownloadError


class _Bearer(AuthBase):
    """Set as ``auth``, not as a header: a header would give way to a password of ~/.netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class SignedInClient(HttpClient):
    """As `HttpClient`, with an access token; a refused one is replaced once. Redirects to other hosts do not get it.

    Parameters
    ----------
    tokens
        Give the token.
    retry, timeout_s, n_parallel
        As for `HttpClient`.
    """

    def __init__(self, tokens: AccessTokens, retry: RetryPolicy, timeout_s: float, n_parallel: int) -> None:
        super().__init__(retry, timeout_s, n_parallel)
        self._tokens = tokens

    @contextmanager
    def _answer(self, method: str, url: str, **options: Any) -> Iterator[requests.Response]:
        token = self._tokens.current()
        with super()._answer(method, url, auth=_Bearer(token), **options) as answer:
            if answer.status_code != HTTPStatus.UNAUTHORIZED:
                yield answer
                return
        with super()._answer(method, url, auth=_Bearer(self._tokens.after(token)), **options) as answer:
            if answer.status_code == HTTPStatus.UNAUTHORIZED:
                raise _refused(url, self._tokens.grant.names)
            yield answer


def _refused(url: str, names: str) -> DownloadError:
    return DownloadError(
        "The server refuses a token that was just given.",
        path=url,
        field="status",
        got=f"HTTP {HTTPStatus.UNAUTHORIZED.value}",
        expected="access for these credentials",
        fix=f"check in a browser what the account of {names} may download, and whether it has accepted the terms",
    )
