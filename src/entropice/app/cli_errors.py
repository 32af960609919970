"""How a command ends on one of our own errors: one message, no traceback, a non-zero exit."""

from typing import NoReturn

import click

from entropice.errors import EntropiceError


def refuse(error: EntropiceError) -> NoReturn:
    """End the command with the error's message.

    Raises
    ------
    ClickException
        Always; click then prints `error` without a traceback, and ends with status 1.
    """
    raise click.ClickException(str(error)) from error


def own_error(error: BaseException | None) -> EntropiceError | None:
    """The error of ours that another one was raised from, or that it is.

    Followed is ``__cause__``, that of ``raise … from``; None where there is none on the way.

    Examples
    --------
    >>> outer = KeyError("outer")
    >>> outer.__cause__ = EntropiceError("inner")
    >>> own_error(outer).what, own_error(KeyError("alone"))
    ('inner', None)
    """
    while error is not None and not isinstance(error, EntropiceError):
        error = error.__cause__
    return error
