"""One thread for linear algebra, so that results do not depend on the number of cores."""

import functools
from contextlib import AbstractContextManager
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Hold linear algebra (BLAS) of this process to one thread within a ``with`` block; after it all is as before."""
    limits: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limits


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
