"""What pydantic finds wrong, as a user is told it: one refusal that names values as YAML has them."""

import pytest
from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from entropice.app.configuration.faults import Fault, faults_of, refusal
from entropice.base_model import StrictModel


class Inner(StrictModel):
    """A section."""

    n: int = Field(default=1, ge=0, description="how many")
    names: tuple[str, ...] = Field(default=("a",), strict=False, min_length=1, description="names of layers")
    limit: float | None = 0.5

    @model_validator(mode="after")
    def even(self) -> "Inner":
        """A fault of one field that shows only once all are known."""
        if self.n == 13:
            context = {"location": ("n",), "expects": "another number"}
            raise PydanticCustomError("unlucky", "n brings bad luck", context)
        return self


class Needy(StrictModel):
    """A section that says nothing of what it needs."""

    plain: int


class Whole(StrictModel):
    """Parameters with a section, two that may be left out, and some by name."""

    title: str = Field(description="what the run is called")
    inner: Inner = Field(default=Inner(), description="a section")
    needy: Needy | None = Field(default=None, description="another section")
    other: Inner | None = None
    by_name: dict[str, Inner] = Field(default_factory=dict)
    pair: tuple[int, int] = (1, 2)
    odd: int = Field(default=1, description="an odd number")

    @model_validator(mode="after")
    def of_odd(self) -> "Whole":
        """A fault of the whole, without a place."""
        if self.odd % 2 == 0:
            raise ValueError("even numbers are not odd")
        return self


def found(**values: object) -> list[Fault]:
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({"title": "t"} | values)
    return faults_of(caught.value, Whole)


def only(**values: object) -> Fault:
    (fault,) = found(**values)
    return fault


def test_a_key_that_is_not_known_is_told_with_those_of_its_own_section() -> None:
    fault = only(inner={"nams": ["a"]})

    assert (fault.field, fault.got, fault.expected) == ("inner.nams", "nams", "one of n, names, limit")
    assert fault.what == "unknown parameter inner.nams; did you mean names?"
    assert only(other={"nams": 1}).expected == only(by_name={"x": {"nams": 1}}).expected == fault.expected


def test_what_is_missing_is_told_by_the_description_of_its_field() -> None:
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({})
    (fault,) = faults_of(caught.value, Whole)

    assert fault == Fault(("title",), "title: Field required", "nothing", "what the run is called")
    assert only(needy={}).expected == "a value", "the description of its section says nothing of it"


@pytest.mark.parametrize(
    ("values", "field", "got", "expected"),
    [
        ({"inner": {"n": -1}}, "inner.n", "-1", "greater than or equal to 0"),
        ({"inner": {"n": "3"}}, "inner.n", "'3'", "a valid integer"),
        ({"inner": {"limit": "a"}}, "inner.limit", "'a'", "a valid number or null"),
        ({"inner": {"names": "a"}}, "inner.names", "'a'", "a list, such as [a, b]"),
        ({"by_name": 3}, "by_name", "3", "keys with values"),
        ({"by_name": {"x": {"n": -1}}}, "by_name.x.n", "-1", "greater than or equal to 0"),
        ({"by_name": {5: {}}}, "by_name.5", "5", "a valid string"),
    ],
    ids=["bound", "text", "null", "list", "keys", "by name", "key"],
)
def test_a_value_of_another_kind_is_told_as_yaml_has_it(values: dict, field: str, got: str, expected: str) -> None:
    fault = only(**values)

    assert (fault.field, fault.got, fault.expected) == (field, got, expected)
    assert fault.what == f"{field} must be {expected}"


def test_a_value_is_shortened_to_eighty_characters() -> None:
    """The quotation mark is one of them."""
    assert only(inner={"n": "x" * 78}).got == f"'{'x' * 78}'"
    assert only(inner={"n": "x" * 79}).got == f"'{'x' * 79}…"


def test_a_list_is_called_short_only_where_its_items_are_right() -> None:
    assert [fault.field for fault in found(inner={"names": [1]})] == ["inner.names.0"]
    short = only(inner={"names": []})
    assert (short.field, short.got, short.expected) == ("inner.names", "[]", "names of layers")


def test_a_fault_found_when_the_section_was_looked_at_stands_at_its_field() -> None:
    fault = only(by_name={"x": {"n": 13}})

    assert fault == Fault(("by_name", "x", "n"), "n brings bad luck", "13", "another number")


def test_faults_stand_in_the_order_of_the_fields() -> None:
    told = found(odd="a", inner={"n": -1, "limit": "a"})

    assert [fault.field for fault in told] == ["inner.n", "inner.limit", "odd"]


def test_one_fault_is_the_sentence_and_of_several_each_is_a_line() -> None:
    one = Fault(("a",), "a is wrong", "1", "a number")
    other = Fault(("b", 0), "b is wrong", "2", "a number")

    def origin(location: tuple[int | str, ...]) -> str:
        return "conf/base/parameters.yml" if location[0] == "a" else "conf/mine/parameters.yml"

    alone, both = refusal("parameters", [one], origin), refusal("parameters", [one, other, one], origin)

    assert (alone.what, alone.fix) == ("a is wrong", "set it in a file of this environment; nothing has been run")
    assert both.what.splitlines() == [
        "The parameters are wrong:",
        "  - a is wrong (got 1)",
        "  - b is wrong (got 2)",
        "  - a is wrong (got 1)",
    ]
    assert both.path == "conf/base/parameters.yml, conf/mine/parameters.yml"
    assert (both.field, both.expected) == ("a, b.0", "a number")
    assert both.fix == (
        "set it in a file of this environment and correct conf/mine/parameters.yml; nothing has been run"
    )
