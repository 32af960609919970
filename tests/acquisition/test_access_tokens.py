from collections.abc import Mapping
from types import SimpleNamespace

import pytest

from entropice.acquisition.access_tokens import AccessTokens, Grant
from entropice.errors import DownloadError

GRANT = Grant("password", {"password": "SECRET_OF_NOBODY"}, {"client_id": "public"})


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_NOBODY", "pa55")


def tokens_of(*answers: bytes) -> AccessTokens:
    """Tokens of a service that gives these answers, one after another."""
    left = list(answers)

    def submit(url: str, form: Mapping[str, str]) -> bytes:
        assert (url, form) == ("there", {"grant_type": "password", "client_id": "public", "password": "pa55"})
        return left.pop(0)

    return AccessTokens(SimpleNamespace(submit=submit), "there", [GRANT])


@pytest.mark.parametrize(
    "answer", [b"{}", b'{"access_token": null}', b'{"access_token": ""}', b"[]", b"null", b"<html>", b"\xff"]
)
def test_an_answer_of_another_form_is_no_token(answer: bytes) -> None:
    with pytest.raises(DownloadError, match="no access token") as caught:
        tokens_of(answer).current()

    assert (caught.value.path, caught.value.field) == ("there", "password")
    assert caught.value.got == "an answer without access_token"


def test_a_token_is_asked_for_once_and_anew_where_it_was_refused() -> None:
    tokens = tokens_of(b'{"access_token": "one"}', b'{"access_token": "two"}')

    assert [tokens.current(), tokens.current(), tokens.after("one"), tokens.after("one"), tokens.current()] == [
        *("one", "one", "two", "two", "two")
    ]
