from entropice.errors import MAX_SAMPLE, EntropiceError, SchemaError


def test_a_message_names_file_field_got_expected_and_fix() -> None:
    error = SchemaError(
        "A column is missing.", path="a.gpkg", field="year", got="id", expected="year", fix="map the column"
    )

    assert str(error).splitlines() == [
        "A column is missing.",
        "  file: a.gpkg",
        "  field: year",
        "  got: id",
        "  expected: year",
        "  fix: map the column",
    ]


def test_a_sample_is_bounded() -> None:
    error = EntropiceError("Too many.", sample=range(1000))

    assert error.sample == list(range(MAX_SAMPLE))


def test_zero_and_false_are_shown_as_values() -> None:
    assert "got: 0" in str(EntropiceError("Empty.", got=0))
