"""The commit that a folder stands at, read from the files of its repository: no program is run for it."""

from pathlib import Path
from typing import Final

NONE: Final = "not in a repository"


def git_commit(folder: Path) -> str:
    """The commit of the repository that a folder lies in; `NONE` where it lies in none, or in one without commits.

    Folders above it are looked through, too; worktrees and packed references are understood. Whether files differ from
    the commit is not looked at.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     Path(folder, ".git").mkdir()
    ...     n_written = Path(folder, ".git", "HEAD").write_text("0a1b2c", encoding="utf-8")
    ...     git_commit(Path(folder, "below"))
    '0a1b2c'
    """
    above = (place / ".git" for place in (folder, *folder.parents))
    git = next((place for place in above if place.exists()), None)
    return NONE if git is None else _head(git if git.is_dir() else _linked(git))


def _linked(file: Path) -> Path:
    """The folder of a worktree, whose ``.git`` is a file that names it."""
    return (file.parent / file.read_text(encoding="utf-8").removeprefix("gitdir: ").strip()).resolve()


def _head(git: Path) -> str:
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if not head.startswith("ref: "):
        return head
    shared = git / "commondir"
    common = git / shared.read_text(encoding="utf-8").strip() if shared.is_file() else git
    return _commit_of(head.removeprefix("ref: "), common)


def _commit_of(reference: str, git: Path) -> str:
    """Of a branch, which has a file of its own or a line among those that were packed."""
    if (git / reference).is_file():
        return (git / reference).read_text(encoding="utf-8").strip()
    packed = git / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    found = (line.partition(" ") for line in lines if not line.startswith(("#", "^")))
    return next((commit for commit, _, name in found if name == reference), NONE)
