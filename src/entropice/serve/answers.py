"""The forms of all answers, as OpenAPI tells them."""

from typing import Any, Literal

from pydantic import BaseModel, Field


class Error(BaseModel):
    """What is wrong with a request, or with what it asks for."""

    what: str
    field: str | None
    got: str | None
    expected: str | None
    fix: str | None


class Refused(BaseModel):
    """Every answer that is no answer."""

    error: Error


class NoneOfThese(BaseModel):
    """Whether an image is of none of the classes."""

    rings: bool
    strangeness: float = Field(description="squared distance of the image from those that were learned from")
    threshold: float = Field(description="the alarm rings above it")
    false_alarm_rate: float = Field(description="share of images of the classes that ring it, at most")


class Received(BaseModel):
    """The image as it came."""

    width_px: int
    height_px: int
    is_resampled: bool = Field(description="whether the network saw other pixels than were sent")


class Classified(BaseModel):
    """Which class an image shows."""

    ice_type: str = Field(description="name of the most probable class; none_of_these where the alarm rings")
    confidence: float | None = Field(description="its calibrated chance; null where the alarm rings")
    probabilities: dict[str, float] = Field(description="of every class, whether the alarm rings or not; they sum to 1")
    none_of_these: NoneOfThese
    image: Received
    model: str
    version: str


class Grid(BaseModel):
    """Squares of a projected plane; row 0 is the uppermost."""

    crs: str
    left_m: float
    top_m: float
    pixel_m: float
    n_rows: int
    n_columns: int


class Day(BaseModel):
    """One day of a forecast."""

    day: int
    begins: str | None
    ends: str | None
    description: str
    values: list[list[float | None]] = Field(description="by row and column; null outside the box or not known")


class Week(BaseModel):
    """Seven days of a quantity in a box."""

    run: str
    version: str
    task: str
    quantity: str
    title: str
    unit: str
    notice: str
    grid: Grid | None = Field(description="null where the box holds no pixel's middle")
    n_pixels: int = Field(description="whose middle is in the box")
    lon_deg: list[list[float]]
    lat_deg: list[list[float]]
    days: list[Day]


class RunSummary(BaseModel):
    """A run in a list."""

    id: str
    is_available: bool
    kind: Literal["cells", "images"] | None
    title: str | None
    version: str | None
    refused: Error | None = Field(description="why it does not answer")
    pending: Error | None = Field(description="why what lies there now does not answer yet, while the one before does")


class Runs(BaseModel):
    """All runs that were found."""

    runs: list[RunSummary]


class Run(RunSummary):
    """What a run says of itself."""

    summary: dict[str, Any] = Field(description="of its manifest")
    layers: list[str]
    models: list[str]


class Model(BaseModel):
    """A network that classifies."""

    id: str
    run: str
    task: str
    is_available: bool
    is_default: bool
    version: str | None
    run_version: str | None
    classes: dict[str, str] | None = Field(description="title by name")
    edge_px: int | None = Field(description="of the squares that it takes")
    facts: dict[str, Any] | None = Field(description="architecture, encoder, bands, versions of libraries")
    refused: Error | None
    pending: Error | None


class Models(BaseModel):
    """All networks that were found."""

    models: list[Model]


class Cells(BaseModel):
    """Cells of a run in a year, a page of them."""

    run: str
    year: int
    n_found: int
    offset: int
    cells: list[dict[str, Any]]


class CellYear(BaseModel):
    """What is told of a cell in a year."""

    probabilities: dict[str, float | None]
    p_any_rts: float | None
    doubts: dict[str, Any]
    drivers: list[dict[str, Any]]
    others: dict[str, Any]


class Cell(BaseModel):
    """All that is told of a cell."""

    run: str
    cell_id: str
    place: dict[str, Any]
    years: dict[str, CellYear]


class Health(BaseModel):
    """Whether the server answers, and what it lacks."""

    status: Literal["ok", "degraded"]
    version: str
    n_runs: int
    n_models: int
    refused: dict[str, Error] = Field(description="by id")
    pending: dict[str, Error] = Field(description="by id")
    n_open: int = Field(description="answers that are computed or waited for")
    n_places: int
