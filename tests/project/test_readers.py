"""One who follows pages for tests does what a page shows, in its order, and stops where something fails."""

import json
import shutil
from pathlib import Path

import documented
import pytest
from readers import Reader

PAGE = """# A page

    cd work
    python ../write.py FOLDER   # a comment

```python
import pathlib
pathlib.Path("seen.txt").write_text(pathlib.Path("given.txt").read_text())
```

    python ../say.py && open seen.txt

```json
{"a": {"b": 2}}
```
"""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(documented, "PROJECT", tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "write.py").write_text("import sys\nopen('given.txt', 'w').write(sys.argv[1])\n")
    (tmp_path / "say.py").write_text(f"print({json.dumps({'a': {'b': 1, 'c': 3}})!r})\n")
    return Reader(tmp_path, tmp_path, {"FOLDER": Path("/given")})


def _page(folder: Path, text: str) -> Path:
    page = folder / "page.md"
    page.write_text(text)
    return page


def test_commands_snippets_and_what_is_printed(reader: Reader, tmp_path: Path) -> None:
    reader.follow(_page(tmp_path, PAGE))

    assert (tmp_path / "work/seen.txt").read_text() == "/given"
    assert reader.folder == tmp_path / "work"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("../write.py", "../wright.py"),
        ("open seen.txt", "open scene.txt"),
        ('{"b": 2}', '{"d": 2}'),
        ('seen.txt").write', 'no_such_folder/seen.txt").write'),
    ],
)
def test_a_page_with_a_fault_is_not_followed_to_its_end(reader: Reader, tmp_path: Path, right: str, wrong: str) -> None:
    with pytest.raises(AssertionError):
        reader.follow(_page(tmp_path, PAGE.replace(right, wrong)))


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_clone_is_the_project_as_installed(tmp_path: Path) -> None:
    """Its first command says what `make run` would do, and installs nothing."""
    page = documented.PROJECT / "docs/tutorial.md"
    reader = Reader(documented.PROJECT, tmp_path)
    first, second, third = documented.commands(page)[:3]
    for command in (first, second):
        reader.give(command)
    reader.give(documented.Command(page, third.line, f"{third.text} --dry-run"))

    assert reader.folder.name == "entropice"
    assert reader.printed.split() == [".venv/bin/kedro", "run"]
