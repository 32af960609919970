"""What a run is called and what it claims, as parameters say."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel

Texts = Annotated[tuple[str, ...], Field(strict=False)]


class RunWords(StrictModel):
    """What a run is called, and what it claims."""

    title: str | None = Field(
        default=None, min_length=1, description="title of report and map; null: what the composition says"
    )
    description: str | None = Field(
        default=None, min_length=1, description="one paragraph below the title; null: what the composition says"
    )
    purpose: Literal["model", "plumbing check"] = Field(description="whether the run claims anything about the world")
    notice: str = Field(description="warning shown at the top of report and map; empty for none")
    attributions: Texts = Field(
        default=(), description="credits beside those of the composition's sources; all that other files ask for"
    )

    @model_validator(mode="after")
    def _says_what_it_checks(self) -> Self:
        if self.purpose != "model" and not self.notice:
            raise ValueError(f"a run whose purpose is {self.purpose!r} needs a notice that says so")
        return self
