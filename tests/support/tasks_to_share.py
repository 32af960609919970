"""Tasks of a moment, where processes that are started anew find them."""

import logging
import os
import warnings

from entropice.errors import LabelError

logger = logging.getLogger("entropice.tasks")


def square(task):
    """The square, and which process found it; 3 is warned of."""
    logger.info("Task %d is done.", task)
    if task == 3:
        warnings.warn("three", stacklevel=1)
    return task * task, os.getpid()


def refuse(task):
    """The task, unless it is 2."""
    if task == 2:
        raise LabelError("Two is none.", field="task", got=task, fix="take another")
    return task
