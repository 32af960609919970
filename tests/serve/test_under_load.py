"""Many requests at once, and new models while they come."""

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import requests
import served_runs
from served_runs import Trained, serving

N_CLIENTS, N_RELOADS = 6, 2


def test_no_request_is_lost_while_models_are_replaced_and_each_answer_is_of_one(
    own_root: Path, trained: Trained, tile
) -> None:
    ended, statuses, said = Event(), [], defaultdict(set)

    def client(number: int) -> None:
        with requests.Session() as session:
            while not ended.is_set():
                response = session.post(server.url("classify"), files={"image": tile(number)}, timeout=30)
                statuses.append(response.status_code)
                said[response.json().get("version"), number].add(response.text)

    def wait_for(n_versions: int) -> None:
        end_s = time.monotonic() + 60
        while len({version for version, _ in list(said)}) < n_versions:
            assert time.monotonic() < end_s, "a new model was not taken up"
            time.sleep(0.02)

    with serving(own_root) as server, ThreadPoolExecutor(N_CLIENTS) as clients:
        try:
            futures = [clients.submit(client, number) for number in range(N_CLIENTS)]
            for reload in range(N_RELOADS):
                wait_for(1 + reload)
                served_runs.publish(own_root, trained, slope=0.5 + reload)
            wait_for(1 + N_RELOADS)
        finally:
            ended.set()
        for future in futures:
            future.result()

    assert set(statuses) == {200}
    assert all(len(texts) == 1 for texts in said.values())
