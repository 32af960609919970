"""A run that is asked to stop ends in order."""

import os
import signal
import threading

import pytest

from entropice.app.signals import ADVICE, stops_with_advice


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"])
def test_what_is_open_is_closed_before_the_advice(
    number: signal.Signals, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    is_closed = False
    with pytest.raises(SystemExit) as caught, stops_with_advice():
        try:
            os.kill(os.getpid(), number)
            threading.Event().wait(10)
        finally:
            is_closed = ADVICE not in capsys.readouterr().err

    assert is_closed
    assert caught.value.code == status
    assert ADVICE in capsys.readouterr().err


def test_a_run_in_the_background_of_a_shell_goes_on_after_ctrl_c() -> None:
    inherited = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stops_with_advice():
            os.kill(os.getpid(), signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, inherited)


def test_the_former_answer_to_a_signal_is_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stops_with_advice():
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before


def test_a_run_in_another_thread_leaves_signals_alone() -> None:
    answers = []

    def run() -> None:
        with stops_with_advice():
            answers.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

    assert answers == [signal.getsignal(signal.SIGTERM)]
