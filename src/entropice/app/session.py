"""The session behind ``kedro run``: steps that are up to date are skipped."""

import inspect
from typing import TYPE_CHECKING, Any, cast

from kedro.framework.context import KedroContext
from kedro.framework.session import KedroSession
from kedro.runner import AbstractRunner, SequentialRunner

from entropice.app.runner import IncrementalRunner
from entropice.app.signals import stops_with_advice

if TYPE_CHECKING:
    from entropice.app.context import ComposedContext


class IncrementalSession(KedroSession):
    """A Kedro session whose runner, whichever it is, runs only the nodes that are not up to date."""

    _context: "ComposedContext"

    def load_context(self) -> KedroContext:
        """The context, which knows what is up to date."""
        self._context = cast("ComposedContext", super().load_context())
        return self._context

    def run(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run as Kedro does, but only what is not up to date; all with the parameter ``force``."""
        call = inspect.signature(KedroSession.run).bind(self, *args, **kwargs)
        runner = call.arguments.get("runner") or SequentialRunner()
        if isinstance(runner, AbstractRunner):
            call.arguments["runner"] = IncrementalRunner(runner, lambda: self._context)
        with stops_with_advice():
            return KedroSession.run(*call.args, **call.kwargs)
