"""What goes through a bar comes out as it went in, and text is shown as it was written."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import rich
from rich.console import Console

from entropice import progress as module
from entropice.progress import bar, bars, progress, short_path, show


@pytest.fixture
def console() -> Iterator[Console]:
    """The console that all share, as it was before in the end."""
    shared = rich.get_console()
    before = dict(vars(shared))
    yield shared
    vars(shared).update(before)


def written(console: Console) -> str:
    return console.file.getvalue()


@pytest.mark.parametrize("is_terminal", [True, False])
def test_items_come_out_unchanged_in_order_and_as_they_are_made(console: Console, *, is_terminal: bool) -> None:
    rich.reconfigure(file=io.StringIO(), force_terminal=is_terminal, width=80)
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in (3, 1, 2):
            made.append(number)
            yield number

    passed = progress(items(), "numbers")
    assert next(passed) == 3
    assert made == [3], "none is asked for before its time"
    assert list(passed) == [1, 2]
    assert list(progress([], "none")) == []
    assert ("numbers" in written(console)) == is_terminal


def test_a_bar_says_how_many_of_how_many(console: Console) -> None:
    rich.reconfigure(file=io.StringIO(), force_terminal=True, width=80)

    assert list(progress(["a", "b"], "letters")) == ["a", "b"]
    with bar("bytes", 4000) as update:
        update(1000, "a quarter")

    assert "2 of 2" in written(console)
    assert "a quarter" in written(console)


def test_bars_within_bars_are_one_block_that_is_closed_however_it_ends(console: Console) -> None:
    rich.reconfigure(file=io.StringIO(), force_terminal=True, width=80)
    with pytest.raises(ValueError, match="stop"), bars():
        block = module._BLOCK._block
        with bar("one"), bar("two"):
            assert module._BLOCK._block is block
            assert [task.description for task in block.tasks] == ["one", "two"]
        assert block.tasks == []
        raise ValueError("stop")

    assert module._BLOCK._block is None
    assert not block.live.is_started


def test_text_is_shown_as_it_is_and_cut_on_a_terminal_alone(console: Console) -> None:
    text = "[red] 1 of 20 :smile: " + "x" * 40
    rich.reconfigure(file=io.StringIO(), force_terminal=False, width=30)
    show(text)
    assert written(console) == f"{text}\n"

    rich.reconfigure(file=io.StringIO(), force_terminal=True, force_interactive=True, width=30)
    show(text)
    assert written(console) == f"{text[:29]}…\n"


def test_paths_are_short_below_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert short_path(tmp_path / "a/b") == Path("a/b")
    assert short_path(tmp_path) == Path()
    assert short_path(tmp_path.parent / "c") == tmp_path.parent / "c"
    assert short_path(Path("a/b")) == Path("a/b")
