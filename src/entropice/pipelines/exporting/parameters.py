"""Parameters of the export under published names."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel

Stem = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*(<encoder>)?$")]


class ExportingParameters(StrictModel):
    """What is published under which name."""

    stems: dict[str, Stem] = Field(
        default={},
        description="stem of the files of a task's network, <encoder> for that of its encoder; a task that is not "
        "named here lends them its own name",
    )
