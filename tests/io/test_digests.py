import json
import os
import time
from pathlib import Path

import pytest

from entropice.io.checksums import write_record
from entropice.io.digests import Digests
from entropice.sha256 import sha256_of

LONG_AGO_NS = 1_600_000_000_000_000_000


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "memory.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"first")
    return path


def _remembered(memory: Path, file: Path) -> Digests:
    """A memory that has settled."""
    entry = [5, file.stat().st_mtime_ns, file.stat().st_ctime_ns, "0" * 64]
    memory.write_text(json.dumps({str(file): entry}))
    return Digests(memory)


def test_an_untouched_file_is_not_read_again(memory: Path, file: Path) -> None:
    assert _remembered(memory, file).of(file) == "0" * 64


def test_a_touched_file_is_read_again(memory: Path, file: Path) -> None:
    digests = _remembered(memory, file)
    os.utime(file)

    assert digests.of(file) == sha256_of(file)


def test_a_changed_file_with_size_and_date_of_the_old_one_is_noticed(memory: Path, file: Path) -> None:
    os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))
    digests = _remembered(memory, file)
    time.sleep(0.05)
    file.write_bytes(b"other")
    os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))

    assert digests.of(file) == sha256_of(file)


def test_a_file_that_may_still_change_unnoticed_is_not_remembered(memory: Path, file: Path) -> None:
    digests = Digests(memory)
    digests.of(file)
    digests.save()

    assert not memory.exists()


def test_the_first_look_decides_within_a_run(memory: Path, file: Path) -> None:
    digests = Digests(memory)
    first = digests.of(file)
    file.write_bytes(b"other")

    assert digests.of(file) == first


def test_an_output_written_just_now_is_remembered_by_its_record(memory: Path, file: Path) -> None:
    write_record(file, file, {})
    digests = Digests(memory)
    digests.trust_record(file)
    digests.save()

    assert json.loads(memory.read_text())[str(file)][3] == sha256_of(file)


def test_a_record_is_not_trusted_for_a_file_changed_after_it(memory: Path, file: Path) -> None:
    write_record(file, file, {})
    time.sleep(0.05)
    file.write_bytes(b"other")
    digests = Digests(memory)
    digests.trust_record(file)

    assert digests.of(file) == sha256_of(file)


@pytest.mark.parametrize("content", ["", '{"a": [1', "[]", '{"a": 3}', '{"FILE": [1, 2, 3, "short"]}', '{"FILE": []}'])
def test_a_torn_memory_is_made_anew(memory: Path, file: Path, content: str) -> None:
    memory.write_text(content.replace("FILE", str(file)))
    digests = Digests(memory)

    assert digests.of(file) == sha256_of(file)


def test_what_is_forgotten_is_read_again(memory: Path, file: Path) -> None:
    digests = _remembered(memory, file)
    digests.of(file)
    digests.forget(file)
    digests.save()

    assert digests.of(file) == sha256_of(file)
    assert json.loads(memory.read_text()) == {}


def test_files_that_are_gone_are_forgotten(memory: Path, file: Path, tmp_path: Path) -> None:
    memory.write_text(json.dumps({str(tmp_path / "gone"): [1, 2, 3, "0" * 64]}))
    write_record(file, file, {})
    digests = Digests(memory)
    digests.trust_record(file)
    digests.save()

    assert json.loads(memory.read_text()).keys() == {str(file)}


def test_a_memory_that_cannot_be_written_is_only_told(
    tmp_path: Path, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_record(file, file, {})
    (tmp_path / "no_folder").write_text("")
    digests = Digests(tmp_path / "no_folder" / "memory.json")
    digests.trust_record(file)
    digests.save()

    assert "hashes again" in caplog.text


def test_what_a_killed_run_left_is_swept_where_nothing_is_new(memory: Path) -> None:
    leftover = memory.with_name(f".partial-999999999-{memory.name}")
    leftover.write_text("{")
    Digests(memory).save()

    assert not leftover.exists()


def test_whether_a_file_has_changed_is_decided_by_its_bytes_since_the_first_look(memory: Path, file: Path) -> None:
    digests = Digests(None)
    assert not digests.has_changed(file), "nobody has looked"
    digests.of(file)

    os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))
    assert not digests.has_changed(file), "another date alone"
    file.write_bytes(b"other")
    assert digests.has_changed(file)
    file.write_bytes(b"first")
    assert not digests.has_changed(file)
    file.unlink()
    assert digests.has_changed(file)


def test_without_a_memory_nothing_is_written(tmp_path: Path, file: Path) -> None:
    write_record(file, file, {})
    before = sorted(tmp_path.iterdir())
    digests = Digests(None)
    digests.trust_record(file)
    digests.save()

    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_has_settled_is_remembered(memory: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_ns = file.stat().st_ctime_ns + 2_000_000_001
    monkeypatch.setattr("entropice.io.digests.time.time_ns", lambda: after_ns)
    digests = Digests(memory)
    digests.of(file)
    digests.save()

    status = file.stat()
    assert json.loads(memory.read_text()) == {
        str(file): [5, status.st_mtime_ns, status.st_ctime_ns, sha256_of(file)],
    }
