"""The commit read from files is the one that git tells."""

import shutil
import subprocess
from pathlib import Path

import pytest

from entropice.pipelines.training.git_commit import NONE, git_commit

GIT = shutil.which("git")
AS_SOMEBODY = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


def git(folder: Path, *arguments: str) -> str:
    result = subprocess.run(
        [str(GIT), *AS_SOMEBODY, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if GIT is None:
        pytest.skip("there is no git to compare with")
    folder = tmp_path / "repository"
    (folder / "inside/deep").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "trunk")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    return folder


def test_it_is_that_of_git_on_a_branch_packed_detached_and_in_a_worktree(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    assert git_commit(repository) == git_commit(repository / "inside/deep") == commit

    git(repository, "pack-refs", "--all")
    assert not (repository / ".git/refs/heads/trunk").exists()
    assert git_commit(repository) == commit

    git(repository, "worktree", "add", "-q", "-b", "other", "../worktree")
    git(repository.parent / "worktree", "commit", "-q", "--allow-empty", "-m", "two")
    of_worktree = git_commit(repository.parent / "worktree")
    assert of_worktree == git(repository.parent / "worktree", "rev-parse", "HEAD") != commit

    git(repository, "checkout", "-q", "--detach")
    assert git_commit(repository) == commit


def test_without_a_repository_or_a_commit_so_it_is_said(tmp_path: Path) -> None:
    assert git_commit(tmp_path) == NONE
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    assert git_commit(tmp_path) == NONE
