from benchmarks import cold_start


def test_commands_are_timed_as_processes_of_their_own(monkeypatch) -> None:
    monkeypatch.setattr(cold_start, "TARGETS", {"kedro registry describe --help": 3.0})

    header, _, peer, row = cold_start.report(1).splitlines()

    cells = dict(zip(header.split("|"), row.split("|"), strict=True))
    assert float(cells[" CPU time (s) "]) > 0.1
    assert float(cells[" ratio "]) > 0.3
    assert cells[" target "].strip() == "3.0"
    assert peer.split("|")[3].strip() == "1.00"
