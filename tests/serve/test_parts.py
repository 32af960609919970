"""How a part stands: taken up whole, refused with the reason, or as before while another version is on its way."""

from dataclasses import replace
from pathlib import Path

import pytest

from entropice.io.checksums import write_record
from entropice.serve.parts import Part, Source, State, renewed, stamp_of
from entropice.sha256 import sha256_of, sha256_of_bytes


class Text:
    """What was read from the copies, and where they lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = (folder / "a.txt").read_text()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "run/a.txt"
    path.parent.mkdir()
    path.write_text("one")
    return path


def part(file: Path, content: str = "one", version: str = "v1") -> Part[Text]:
    source = Source(file, "a.txt", sha256_of_bytes(content.encode()), file.parent)
    return Part(version, (source,), Text)


def served(state: State[Text]) -> str | None:
    return None if state.served is None else state.served.content


def test_what_is_whole_is_served_from_a_copy_that_lasts_as_long_as_it(file: Path) -> None:
    state = renewed(part(file), None)
    folder = state.served.folder

    assert (served(state), state.version, state.refused, state.pending) == ("one", "v1", None, None)
    file.write_text("two")
    assert (folder / "a.txt").read_text() == "one"
    del state
    assert not folder.exists()


def test_where_nothing_has_changed_nothing_is_read(file: Path) -> None:
    before = renewed(part(file), None)

    assert renewed(part(file), before) is before


@pytest.mark.parametrize("damage", [lambda path: path.write_text("two"), lambda path: path.unlink()])
def test_what_is_not_whole_is_refused_and_taken_up_as_soon_as_it_is(file: Path, damage) -> None:
    damage(file)
    refused = renewed(part(file), None)
    assert served(refused) is None
    assert (refused.refused.path, refused.refused.field) == (str(file), "a.txt")
    assert renewed(part(file), refused) is refused

    file.write_text("one ")
    file.write_text("one")

    assert served(renewed(part(file), refused)) == "one"


def test_a_damaged_file_of_what_is_served_is_refused(file: Path) -> None:
    before = renewed(part(file), None)
    file.write_text("ruin")

    after = renewed(part(file), before)

    assert served(after) is None
    assert after.refused.got == f"SHA-256 {sha256_of(file)}"


def test_while_a_new_manifest_waits_for_its_files_the_one_before_answers(file: Path) -> None:
    before = renewed(part(file), None)

    waiting = renewed(part(file, "two", "v2"), before)
    assert (served(waiting), waiting.version, waiting.refused) == ("one", "v1", None)
    assert waiting.pending is not None

    file.write_text("two!")
    file.write_text("two")
    after = renewed(part(file, "two", "v2"), waiting)
    assert (served(after), after.version, after.pending) == ("two", "v2", None)


def test_while_new_files_with_a_record_of_their_own_wait_for_a_manifest_the_one_before_answers(file: Path) -> None:
    before = renewed(part(file), None)
    file.write_text("another")
    write_record(file.parent, file.parent, {})

    after = renewed(part(file), before)

    assert (served(after), after.refused) == ("one", None)
    assert after.pending.path == str(file)


def test_what_cannot_be_opened_leaves_no_copy(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "copies"))
    (tmp_path / "copies").mkdir()

    def failing(folder: Path) -> Text:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        renewed(replace(part(file), opened=failing), None)

    assert list((tmp_path / "copies").iterdir()) == []


def test_a_stamp_tells_a_replaced_file_apart_and_one_that_is_not_there(file: Path) -> None:
    sources = part(file).sources
    before = stamp_of(sources)
    assert stamp_of(sources) == before

    other = file.with_name("b.txt")
    other.write_text("one")
    other.replace(file)

    assert stamp_of(sources) != before
    file.unlink()
    assert stamp_of(sources) == (None,)
