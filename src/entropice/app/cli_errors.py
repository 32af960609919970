"""How a command ends on one of our own errors: one message, no traceback, a non-zero exit."""

from typing import NoReturn

import click

from entropice.errors import EntropiceError


def refuse(error: EntropiceError) -> NoReturn:
    """End the command with the error's message."""
    raise click.ClickException(str(error)) from error


def own_error(error: BaseException | None) -> EntropiceError | None:
    """The error of ours that another one was raised from, or that it is."""
    while error is not None and not isinstance(error, EntropiceError):
        error = error.__cause__
    return error
