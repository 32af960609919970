import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from published import Published

from entropice.acquisition import execution
from entropice.acquisition.downloads import Checksum, known_content, whole_file
from entropice.acquisition.http import HttpClient, RemoteFile
from entropice.errors import DownloadError

BODY = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(BODY).hexdigest()

Fetch = Callable[..., dict]


@pytest.fixture
def file(published: Published) -> str:
    (published.root / "data.bin").write_bytes(BODY)
    return f"{published.url}/data.bin"


def test_a_file_arrives_whole_with_a_record(file: str, web: HttpClient, fetch: Fetch, tmp_path: Path) -> None:
    records = fetch(whole_file(web, web.describe(file), "a/b.bin"))

    assert (tmp_path / "folder/a/b.bin").read_bytes() == BODY
    record = records["a/b.bin"]
    assert (record.url, record.n_bytes, record.sha256) == (file, len(BODY), SHA256)
    assert record.etag == f'"{hashlib.md5(BODY, usedforsecurity=False).hexdigest()}"'


def test_a_finished_file_is_never_fetched_again(file: str, web: HttpClient, fetch: Fetch, published: Published) -> None:
    fetch(whole_file(web, web.describe(file), "b.bin"))
    fetch(whole_file(web, web.describe(file), "b.bin"))

    assert published.gets("/data.bin") == [None]


def test_a_dropped_connection_is_gone_on_with_where_it_broke(
    file: str, web: HttpClient, fetch: Fetch, published: Published, tmp_path: Path
) -> None:
    published.drops_after["/data.bin"] = deque([300_000, 0, 100_000])

    fetch(whole_file(web, web.describe(file), "b.bin"))

    assert (tmp_path / "folder/b.bin").read_bytes() == BODY
    starts = [int(ranges.removeprefix("bytes=").rstrip("-")) for ranges in published.gets("/data.bin")[1:]]
    assert starts[0] == starts[1] > 0
    assert starts[2] > starts[1]


def test_a_server_without_ranges_is_asked_for_everything_again(
    file: str, web: HttpClient, fetch: Fetch, published: Published, tmp_path: Path
) -> None:
    published.has_ranges = False
    published.drops_after["/data.bin"] = deque([300_000])

    fetch(whole_file(web, web.describe(file), "b.bin"))

    assert (tmp_path / "folder/b.bin").read_bytes() == BODY


def test_a_busy_server_is_left_alone_as_long_as_it_asks(
    file: str, web: HttpClient, fetch: Fetch, published: Published, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(web.retry.stopping, "wait", waits.append)
    published.answers["/data.bin"] = deque([(503, {"Retry-After": "0"}, b""), (429, {"Retry-After": "30"}, b"")])

    fetch(whole_file(web, web.describe(file), "b.bin"))

    assert (tmp_path / "folder/b.bin").read_bytes() == BODY
    assert waits[0] <= 0.01
    assert waits[1] == 0.05, "as long as asked, but no longer than longest_wait_s"


def test_a_server_that_stays_busy_is_given_up_with_its_status(
    file: str, web: HttpClient, fetch: Fetch, published: Published
) -> None:
    download = whole_file(web, web.describe(file), "b.bin")
    published.answers["/data.bin"] = deque([(503, {}, b"")] * 3)

    with pytest.raises(DownloadError, match="HTTP 503") as caught:
        fetch(download)

    assert caught.value.path == file
    assert "run the same command again" in caught.value.fix


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_file_that_is_not_public_or_not_there_is_named_at_once(
    status: int, file: str, web: HttpClient, fetch: Fetch, published: Published
) -> None:
    download = whole_file(web, web.describe(file), "b.bin")
    published.answers["/data.bin"] = deque([(status, {}, b"")])

    with pytest.raises(DownloadError, match=f"HTTP {status}") as caught:
        fetch(download)

    assert caught.value.path == file
    assert len(published.gets("/data.bin")) == 1


def test_a_missing_file_is_named_while_planning(web: HttpClient, published: Published) -> None:
    with pytest.raises(DownloadError, match="no such file"):
        web.describe(f"{published.url}/absent.bin")


def test_a_truncated_body_is_completed(
    file: str, web: HttpClient, fetch: Fetch, published: Published, tmp_path: Path
) -> None:
    """The server says that less is all there is."""
    published.answers["/data.bin"] = deque([(200, {}, BODY[:1000])])

    fetch(whole_file(web, web.describe(file), "b.bin"))

    assert (tmp_path / "folder/b.bin").read_bytes() == BODY


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_web_page_is_not_taken_for_data(
    kind: str, file: str, web: HttpClient, fetch: Fetch, published: Published
) -> None:
    page = b"<!DOCTYPE html><html>Log in</html>".ljust(len(BODY))
    download = whole_file(web, web.describe(file), "b.bin")
    published.answers["/data.bin"] = deque([(200, {"Content-Type": kind}, page)])

    with pytest.raises(DownloadError, match="web page"):
        fetch(download)


def test_bytes_that_were_not_published_are_thrown_away(
    file: str, web: HttpClient, fetch: Fetch, tmp_path: Path
) -> None:
    checksum = Checksum("sha256", "0" * 64)

    with pytest.raises(DownloadError, match="not those that were published") as caught:
        fetch(whole_file(web, web.describe(file), "b.bin", checksum))

    assert (caught.value.got, caught.value.expected) == (SHA256, "0" * 64)
    assert not [path for path in (tmp_path / "folder").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "checksum", [Checksum("sha256", SHA256), Checksum("md5", hashlib.md5(BODY, usedforsecurity=False).hexdigest())]
)
def test_published_checksums_are_verified(checksum: Checksum, file: str, web: HttpClient, fetch: Fetch) -> None:
    assert fetch(whole_file(web, web.describe(file), "b.bin", checksum))


def test_another_size_than_published_is_refused_before_anything_is_fetched(file: str, web: HttpClient) -> None:
    with pytest.raises(DownloadError, match="size"):
        whole_file(web, web.describe(file), "b.bin", n_bytes=5)


def test_a_file_that_changes_between_two_tries_begins_anew(
    file: str, web: HttpClient, fetch: Fetch, published: Published, tmp_path: Path
) -> None:
    published.drops_after["/data.bin"] = deque([300_000, 0, 0, 0])
    with pytest.raises(DownloadError, match="does not deliver"):
        fetch(whole_file(web, web.describe(file), "b.bin"))
    web.retry.stopping.clear()
    (published.root / "data.bin").write_bytes(BODY[::-1])
    published.drops_after.clear()

    fetch(whole_file(web, web.describe(file), "b.bin"))

    assert (tmp_path / "folder/b.bin").read_bytes() == BODY[::-1]
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["b.bin"]


def test_a_file_that_changes_under_way_is_noticed(
    file: str, web: HttpClient, fetch: Fetch, published: Published
) -> None:
    download = whole_file(web, web.describe(file), "b.bin")
    (published.root / "data.bin").write_bytes(BODY[::-1])

    with pytest.raises(DownloadError, match="changed at its source while"):
        fetch(download)


def test_a_file_that_has_changed_since_is_noticed_and_kept(
    file: str, web: HttpClient, fetch: Fetch, published: Published, tmp_path: Path
) -> None:
    fetch(whole_file(web, web.describe(file), "b.bin"))
    (published.root / "data.bin").write_bytes(BODY[::-1])

    with pytest.raises(DownloadError, match="have changed at their source since"):
        fetch(whole_file(web, web.describe(file), "b.bin"))

    assert (tmp_path / "folder/b.bin").read_bytes() == BODY


def test_a_plan_beyond_the_limit_is_refused_unfetched(
    file: str, web: HttpClient, fetch: Fetch, published: Published
) -> None:
    with pytest.raises(DownloadError, match="larger than allowed") as caught:
        fetch(whole_file(web, web.describe(file), "b.bin"), max_bytes=1000)

    assert caught.value.field == "download.transfer.max_gb"
    assert published.gets("/data.bin") == []


def test_the_refusal_says_how_large_the_plan_is(file: str, web: HttpClient, fetch: Fetch, published: Published) -> None:
    """2²⁰ bytes a file."""
    (published.root / "other.bin").write_bytes(BODY)
    one, other = (whole_file(web, web.describe(f"{published.url}/{name}.bin"), name) for name in ("data", "other"))

    for asked, path, n_files in (((one,), file, 1), ((one, other), f"{file} and others", 2)):
        with pytest.raises(DownloadError, match="larger than allowed") as caught:
            fetch(*asked, max_bytes=(1 << 20) - 1)
        assert caught.value.path == path
        assert (caught.value.got, caught.value.expected) == (f"0.0 GB in {n_files} files", "at most 0.0 GB")

    assert fetch(one, max_bytes=1 << 20), "as much as is allowed"


def test_a_file_that_cannot_be_written_is_named(file: str, web: HttpClient, fetch: Fetch, tmp_path: Path) -> None:
    (tmp_path / "folder/b.bin").mkdir(parents=True)

    with pytest.raises(DownloadError, match="could not be written") as caught:
        fetch(whole_file(web, web.describe(file), "b.bin"))

    assert caught.value.path == str(tmp_path / "folder/b.bin")


def test_a_disk_that_is_too_small_is_noticed_before_anything_is_fetched(
    file: str, web: HttpClient, fetch: Fetch, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1000))

    with pytest.raises(DownloadError, match="disk is too small"):
        fetch(whole_file(web, web.describe(file), "b.bin"))

    assert published.gets("/data.bin") == []


def test_files_that_are_not_asked_for_any_more_are_removed(
    file: str, web: HttpClient, fetch: Fetch, tmp_path: Path
) -> None:
    fetch(whole_file(web, web.describe(file), "old.bin"))
    fetch(whole_file(web, web.describe(file), "new.bin"))

    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["new.bin"]
    lines = (tmp_path / "folder.records.jsonl").read_text().splitlines()
    assert [json.loads(line)["relative_path"] for line in lines] == ["new.bin"]


def test_what_was_removed_is_told_but_no_half_files_that_nobody_had(
    file: str, web: HttpClient, fetch: Fetch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "entropice")
    folder = tmp_path / "folder"
    fetch(whole_file(web, web.describe(file), "new.bin"))
    (folder / ".new.bin.0.partial").write_bytes(b"half")
    fetch(whole_file(web, web.describe(file), "new.bin"))
    assert caplog.messages == []

    for name in (".new.bin.0.partial", "old.bin", "older.bin"):
        (folder / name).write_bytes(b"of another plan")
    fetch(whole_file(web, web.describe(file), "new.bin"))

    assert [path.name for path in folder.iterdir()] == ["new.bin"]
    assert caplog.messages == ["folder: 2 files that are not asked for any more were removed"]


def test_a_file_that_was_damaged_is_told_and_fetched_again(
    file: str, web: HttpClient, fetch: Fetch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fetch(whole_file(web, web.describe(file), "b.bin"))
    (tmp_path / "folder/b.bin").write_bytes(BODY[::-1])
    assert caplog.messages == []
    fetch(whole_file(web, web.describe(file), "b.bin"))

    assert (tmp_path / "folder/b.bin").read_bytes() == BODY
    assert caplog.messages == [f"{tmp_path / 'folder/b.bin'} is not as it was downloaded; it is fetched again"]


@pytest.mark.parametrize(
    ("says_size", "told"),
    [
        (True, "to transfer: 0.001 GB in 1 files; on disk: 0.001 GB"),
        (False, "to transfer: about 0.000 GB in 1 files (1 of unknown size); on disk: 0.000 GB"),
    ],
)
def test_what_will_be_transferred_is_told(
    says_size: bool,
    told: str,
    file: str,
    web: HttpClient,
    fetch: Fetch,
    published: Published,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """1,048,576 bytes a file; the first is there already."""
    lines: list[str] = []
    fetch(first := whole_file(web, web.describe(file), "a.bin"))
    monkeypatch.setattr(execution, "show", lines.append)
    published.says_size = says_size

    fetch(first, whole_file(web, web.describe(file), "b.bin"))

    assert lines == [f"Test: 1 of 2 files are there; {told}"]


def test_half_files_count_as_room_that_is_taken_already(
    file: str, web: HttpClient, fetch: Fetch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """1,048,576 bytes with 1,000 of them there, and 2²⁸ bytes that stay free."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/.b.bin.0.partial").write_bytes(bytes(1000))
    download, needed = whole_file(web, web.describe(file), "b.bin"), (1 << 20) - 1000 + (1 << 28)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=needed - 1))
    with pytest.raises(DownloadError, match="disk is too small") as caught:
        fetch(download)
    assert (caught.value.got, caught.value.expected) == ("0.269 GB free", "0.269 GB")

    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=needed))
    fetch(download)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=0))
    assert fetch(download), "nothing is missing"


def test_a_link_that_leads_out_of_the_folder_is_not_followed(
    file: str, web: HttpClient, fetch: Fetch, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "folder/a").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(DownloadError, match="symbolic link leads out"):
        fetch(whole_file(web, web.describe(file), "a/b.bin"))

    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("then", "now", "has_changed"),
    [
        (("a", "Mon"), ("a", "Tue"), False),
        (("a", "Mon"), ("b", "Mon"), True),
        ((None, "Mon"), ("b", "Mon"), False),
        ((None, "Mon"), ("b", "Tue"), True),
        (("a", "Mon"), (None, "Tue"), True),
        (("a", None), (None, "Tue"), False),
    ],
)
def test_versions_are_compared_by_what_both_have_the_etag_first(
    then: tuple[str | None, str | None],
    now: tuple[str | None, str | None],
    has_changed: bool,
    fetch: Fetch,
) -> None:
    earlier, later = (known_content(b"read", RemoteFile("there", 4, *version), "b.bin") for version in (then, now))
    fetch(earlier)

    if has_changed:
        with pytest.raises(DownloadError, match="have changed"):
            fetch(later)
    else:
        fetch(later)


def test_two_files_at_one_place_are_refused(file: str, web: HttpClient, plan_of: Callable) -> None:
    download = whole_file(web, web.describe(file), "b.bin")

    with pytest.raises(DownloadError, match="have one path"):
        plan_of(download, download)


def test_sizes_may_stay_unknown(file: str, web: HttpClient, fetch: Fetch, published: Published, tmp_path: Path) -> None:
    published.says_size = False
    published.drops_after["/data.bin"] = deque([300_000])

    fetch(whole_file(web, web.describe(file), "b.bin"))

    assert (tmp_path / "folder/b.bin").read_bytes() == BODY


def test_a_server_that_answers_no_head_is_asked_otherwise(file: str, web: HttpClient, published: Published) -> None:
    published.has_head = False

    assert web.describe(file).n_bytes == len(BODY)


def test_one_failure_keeps_the_other_files(file: str, web: HttpClient, fetch: Fetch, published: Published) -> None:
    (published.root / "other.bin").write_bytes(BODY)
    good = whole_file(web, web.describe(file), "good.bin")
    bad = whole_file(web, web.describe(f"{published.url}/other.bin"), "bad.bin", Checksum("md5", "0" * 32))
    with pytest.raises(DownloadError):
        fetch(good, bad, n_at_once=1)
    web.retry.stopping.clear()

    fetch(good)

    assert len(published.gets("/data.bin")) == 1


def test_a_killed_download_goes_on_where_it_was(
    published: Published, web: HttpClient, fetch: Fetch, tmp_path: Path
) -> None:
    body = os.urandom(4 << 20)
    (published.root / "large.bin").write_bytes(body)
    published.bytes_per_s = 4e6
    url, folder = f"{published.url}/large.bin", tmp_path / "folder"
    code = f"""
from pathlib import Path
from entropice.acquisition.downloads import DownloadPlan, whole_file
from entropice.acquisition.execution import fetch_missing, missing_files
from entropice.acquisition.retry import RetryPolicy
from entropice.acquisition.http import HttpClient, RemoteFile
web = HttpClient(RetryPolicy(3, 0.01, 0.05), 5.0, 2)
plan = DownloadPlan("Test", (whole_file(web, web.describe({url!r}), "b.bin"),), 1, 1e9, web.retry.stopping.set)
folder, records = Path({str(folder)!r}), Path({str(folder) + ".records.jsonl"!r})
fetch_missing(plan, missing_files(plan, folder, records), folder, records)
"""
    process = subprocess.Popen([sys.executable, "-c", code])
    while not any(path.stat().st_size > 1 << 20 for path in folder.rglob("*.partial")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    published.bytes_per_s = None

    fetch(whole_file(web, web.describe(url), "b.bin"))

    assert (folder / "b.bin").read_bytes() == body
    assert int(published.gets("/large.bin")[-1].removeprefix("bytes=").rstrip("-")) > 0


def test_a_record_that_cannot_be_written_is_said_as_a_file_that_cannot(
    file: str, web: HttpClient, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("entropice.acquisition.execution.add_record", full)
    with pytest.raises(DownloadError, match="No space left on device"):
        fetch(whole_file(web, web.describe(file), "b.bin"))


def test_a_file_where_a_folder_should_be_is_said(file: str, web: HttpClient, fetch: Fetch, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/a").touch()

    with pytest.raises(DownloadError, match="could not be written"):
        fetch(whole_file(web, web.describe(file), "a/b.bin"))
