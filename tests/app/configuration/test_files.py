"""Files of an environment: what YAML would make of them in silence is refused, by file and line."""

from pathlib import Path

import pytest
import yaml

from entropice.app.configuration.files import (
    check_names,
    check_overlaps,
    check_scalars,
    environment_folders,
    explain,
    value_origin,
)
from entropice.errors import ConfigError


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The folder of an environment in a project."""
    folder = tmp_path / "conf/base"
    (folder / "labels").mkdir(parents=True)
    return folder


def refusal(check, folder: Path) -> ConfigError:
    with pytest.raises(ConfigError) as refused:
        check(folder, folder.parents[1])
    return refused.value


def test_the_environments_own_folder_comes_before_that_of_all() -> None:
    conf = Path("conf")

    assert environment_folders(conf, "arctic") == (conf / "arctic", conf / "base")
    assert environment_folders(conf, None) == (conf / "local", conf / "base")
    assert environment_folders(conf, "base") == (conf / "base",)


@pytest.mark.parametrize(
    "name", ["catalog.yml", "parameters_of_mine.yaml", "globals.yml", "labels/parameters.yml", "logging.yml", "a.txt"]
)
def test_files_that_are_read_or_are_no_yaml_pass(base: Path, name: str) -> None:
    (base / name).write_text("a: 1\n")

    check_names(base, base.parents[1])


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("parameter.yml", "rename it, as parameters.yml"),
        ("labels/catlog.yml", "rename it, as catalog.yml"),
        ("labels/globals.yml", "move it to conf/base"),
    ],
)
def test_a_file_that_nothing_reads_is_refused_with_the_nearest_name(base: Path, name: str, fix: str) -> None:
    (base / name).write_text("a: 1\n")

    error = refusal(check_names, base)

    assert (error.path, error.got) == (f"conf/base/{name}", Path(name).name)
    assert fix in error.fix


@pytest.mark.parametrize(
    ("scalar", "meant"), [("010", 8), ("12:30", 750), ("1:30:00", 5400), ("0777", 511), ("-010", -8)]
)
@pytest.mark.parametrize("form", ["a: 1\nb: {}\n", "a: 1\nb: [2, {}]\n", "a: 1\nb: {{c: {}}}\n", "a:\n- {} # so\n"])
def test_numbers_that_are_read_as_others_are_refused(base: Path, scalar: str, meant: int, form: str) -> None:
    """What is meant is what YAML 1.1 makes of octal and sexagesimal numbers."""
    (base / "parameters.yml").write_text(form.format(scalar))
    assert str(meant) in str(yaml.safe_load(form.format(scalar)))

    error = refusal(check_scalars, base)

    assert (error.field, error.got) == ("line 2", scalar)
    assert str(meant) in str(error)


@pytest.mark.parametrize("value", ["'010'", '"12:30"', "0", "10", "0.5", "2021-07-18", "08", "a:b", "|\n  010\n"])
def test_numbers_and_texts_that_are_read_as_they_look_pass(base: Path, value: str) -> None:
    (base / "parameters.yml").write_text(f"a: {value}\n")

    check_scalars(base, base.parents[1])


def test_a_file_that_is_no_yaml_is_left_to_the_loader(base: Path) -> None:
    (base / "parameters.yml").write_text("a: [1\nb: 010\n")
    check_scalars(base, base.parents[1])

    with pytest.raises(ConfigError, match="no YAML"):
        explain(ValueError(), (base,), base.parents[1])


def test_a_parameter_in_two_files_of_an_environment_is_refused(base: Path) -> None:
    (base / "parameters.yml").write_text("labels: {n: 1, m: 2}\n")
    (base / "labels/parameters.yml").write_text("labels: {k: 1}\n")
    check_overlaps(base, base.parents[1])

    (base / "labels/parameters.yml").write_text("labels: {n: 1}\n")

    assert refusal(check_overlaps, base).field == "labels.n"


@pytest.mark.parametrize(
    ("text", "field", "got"),
    [
        ("a: 1\na: 2\n", "line 2", "a: 2"),
        ("a: [1\n", "line 2", "the end of the file"),
        ("- 1\n", "content", "list [1]"),
        ("a\n", "content", "str 'a'"),
    ],
)
def test_a_file_that_the_loader_stumbles_over_is_named_with_its_line(
    base: Path, text: str, field: str, got: str
) -> None:
    (base / "parameters.yml").write_text(text)

    with pytest.raises(ConfigError) as refused:
        explain(ValueError("of the loader"), (base,), base.parents[1])

    assert (refused.value.path, refused.value.field, refused.value.got) == ("conf/base/parameters.yml", field, got)


def test_what_no_single_file_explains_is_told_as_the_loader_said_it(base: Path) -> None:
    (base / "parameters.yml").write_text("a: ${globals:none}\n")

    with pytest.raises(ConfigError, match="cannot be put together") as refused:
        explain(ValueError("\nno key none\nand more"), (base,), base.parents[1])

    assert refused.value.got == "no key none"


def test_a_value_comes_from_the_first_folder_that_gives_it_or_most_of_the_way(base: Path) -> None:
    own = base.parent / "mine"
    own.mkdir()
    (base / "parameters.yml").write_text("labels: {n: 1, m: {k: 2}}\n")
    (own / "parameters.yml").write_text("labels: {n: 3}\n")
    folders, project = (own, base), base.parents[1]

    assert value_origin(("labels", "n"), "parameters", folders, project) == "conf/mine/parameters.yml"
    assert value_origin(("labels", "m", "k"), "parameters", folders, project) == "conf/base/parameters.yml"
    assert value_origin(("labels", "m", "other"), "parameters", folders, project) == "conf/base/parameters.yml"
    assert value_origin(("grids",), "parameters", folders, project) is None
    assert value_origin(("labels", "n"), "catalog", folders, project) is None
