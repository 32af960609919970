"""What a pipeline is, as environments compose them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from entropice.base_model import StrictModel

if TYPE_CHECKING:
    from kedro.pipeline import Pipeline

    from entropice.pipelines.composition import Composition
    from entropice.report.about import About


@dataclass(frozen=True)
class PipelineDeclaration:
    """One pipeline, known by its name on the command line.

    Attributes
    ----------
    name
        As in ``kedro run --pipelines NAME``, and the section of its parameters.
    create
        Makes it for the composition of an environment.
    parameters
        Model of the section; None for a pipeline of imagery, which finds its parameters in the section of each task.
    runs_by_default
        Whether a run without a named pipeline includes it.
    has_task_section
        Whether each task needs a section of its name.
    about
        What a run is called that this pipeline reports on: of its section, the composition, the name of the
        environment, the command that makes the run again, and the credits of images; None where it reports on none.
    """

    name: str
    create: "Callable[[Composition], Pipeline]"
    parameters: type[StrictModel] | None
    runs_by_default: bool = True
    has_task_section: bool = False
    about: "Callable[[Any, Composition, str, str, Sequence[str]], About] | None" = None
