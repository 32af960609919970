"""Access tokens (OAuth2) for credentials that stand in environment variables, and nowhere else."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from entropice.acquisition.http import HttpClient
from entropice.errors import ConfigError, DownloadError


@dataclass(frozen=True)
class Grant:
    """One way to ask for a token.

    Attributes
    ----------
    grant_type
        As OAuth2 calls it.
    variables
        Field of the form → environment variable that holds its value.
    fixed
        Fields that are no secret.
    """

    grant_type: str
    variables: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_possible(self) -> bool:
        """Whether every variable is set, and not empty."""
        return all(os.environ.get(variable) for variable in self.variables.values())

    @property
    def names(self) -> str:
        """The variables, for messages.

        Examples
        --------
        >>> Grant("password", {"username": "HOUSE_USER", "password": "HOUSE_WORD"}).names
        'HOUSE_USER and HOUSE_WORD'
        """
        return " and ".join(self.variables.values())

    def form(self) -> dict[str, str]:
        """What is sent; made anew each time, so that no object keeps a secret.

        Fields by name: ``grant_type``, those of `fixed`, and those of `variables` with the values of the environment.

        Raises
        ------
        KeyError
            A variable is not set.
        """
        secrets = {name: os.environ[variable] for name, variable in self.variables.items()}
        return {"grant_type": self.grant_type} | dict(self.fixed) | secrets


class AccessTokens:
    """The current token of a service, asked for when it is first needed, and again once it has expired.

    Parameters
    ----------
    web
        Speaks with the service.
    url
        Where tokens are given.
    grants
        Ways to ask; the first whose variables are set is taken.

    Raises
    ------
    ConfigError
        The variables of no grant are set.
    """

    def __init__(self, web: HttpClient, url: str, grants: Sequence[Grant]) -> None:
        self.grant = _possible(grants)
        self._web, self._url = web, url
        self._token = ""  # nosec B105
        self._lock = Lock()

    def current(self) -> str:
        """The token to be tried: the one there is, or, the first time, one that the service is asked for.

        Raises
        ------
        DownloadError
            The service gives none.
        """
        return self.after("")

    def after(self, refused: str) -> str:
        """Another token than one that was refused; threads that were refused together ask for one together.

        Where the current token is another than `refused`, it is given without asking.

        Raises
        ------
        DownloadError
            The service gives none.
        """
        with self._lock:
            if self._token == refused:
                self._token = self._ask()
            return self._token

    def _ask(self) -> str:
        try:
            return _token_in(json.loads(self._web.submit(self._url, self.grant.form())))
        except DownloadError as error:
            # its cause is not kept: an answer may repeat what was sent
            raise self._refusal(error.got) from None
        except (KeyError, TypeError, ValueError):
            raise self._refusal("an answer without access_token") from None

    def _refusal(self, got: object) -> DownloadError:
        return DownloadError(
            "The service gives no access token.",
            path=self._url,
            field=self.grant.grant_type,
            got=got,
            expected=f"a token for the credentials in {self.grant.names}",
            fix=f"check the values of {self.grant.names}; an account with a second factor needs other credentials",
        )


def _token_in(answer: Any) -> str:
    token = answer["access_token"]
    if not isinstance(token, str) or not token:
        raise ValueError("A token is a text.")
    return token


def _possible(grants: Sequence[Grant]) -> Grant:
    for grant in grants:
        if grant.is_possible:
            return grant
    raise ConfigError(
        "Credentials are needed, and none are in the environment.",
        field=grants[0].names,
        got="not set in the environment",
        expected=", or ".join(grant.names for grant in grants),
        fix="register with the service, then export the variables in the shell that starts the run; write them into no "
        "file of the project",
    )
