"""The session behind ``kedro run``: steps that are up to date are skipped, and a grid has one run at a time."""

import inspect
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast

from kedro.framework.context import KedroContext
from kedro.framework.session import KedroSession
from kedro.runner import AbstractRunner, SequentialRunner

from entropice.app.cli_errors import refuse
from entropice.app.runner import IncrementalRunner
from entropice.app.selection import check_selection, check_versions
from entropice.app.signals import stops_with_advice
from entropice.errors import EntropiceError
from entropice.io.locks import exclusive

if TYPE_CHECKING:
    from entropice.app.context import ComposedContext


class IncrementalSession(KedroSession):
    """A Kedro session whose runner, whichever it is, runs only the nodes that are not up to date."""

    _context: "ComposedContext"
    _held: ExitStack | None = None
    _asked: dict[str, Any] | None = None

    def load_context(self) -> KedroContext:
        """The context; in a run, with the lock of its grid and work root, and only if it has all that is asked for.

        Without leave to write there is no lock to be had, so that is asked first.

        The lock is ``.lock`` in the folder of the grid, held until the run ends.

        Raises
        ------
        ClickException
            What was asked for is not there, the folder cannot be written to, or another run is at work on the grid.
        """
        from kedro.framework.project import pipelines

        from entropice.app.before_run import check_writable

        try:
            self._context = cast("ComposedContext", super().load_context())
            if self._asked is not None:
                check_selection(self._asked, pipelines)
            if self._held is not None:
                check_writable(self._context.work_root)
                self._held.enter_context(exclusive(self._context.grid_root / ".lock", "running on this grid"))
        except EntropiceError as error:
            refuse(error)
        return self._context

    def run(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run as Kedro does, but only what is not up to date; all with the parameter ``force``.

        Arguments and what is returned are those of ``KedroSession.run``; a runner that is given carries out what is
        left. Ctrl-C and SIGTERM end it with advice and status 130 or 143.

        Raises
        ------
        ClickException
            The run is refused, or an error of ours has ended it; the message says what to do.
        """
        call = inspect.signature(KedroSession.run).bind(self, *args, **kwargs)
        runner = call.arguments.get("runner") or SequentialRunner()
        if isinstance(runner, AbstractRunner):
            call.arguments["runner"] = IncrementalRunner(runner, lambda: self._context)
        self._asked = dict(call.arguments)
        try:
            check_versions(call.arguments.get("load_versions"))
            with stops_with_advice(), ExitStack() as self._held:
                return KedroSession.run(*call.args, **call.kwargs)
        except EntropiceError as error:
            refuse(error)
