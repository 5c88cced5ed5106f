"""The gate lets one in at a time, and nobody starves before it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from backends.sql.gate import Gate


def test_only_one_is_inside(tmp_path: Path) -> None:
    inside, most, total = 0, 0, 0

    def work() -> None:
        nonlocal inside, most, total
        gate = Gate(str(tmp_path / "file"))
        for _ in range(100):
            with gate:
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                total += 1
                inside -= 1
        gate.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, total) == (1, 400)


def test_who_waits_gets_in_before_who_just_left(tmp_path: Path) -> None:
    path = str(tmp_path / "file")
    order: list[str] = []
    greedy, other = Gate(path), Gate(path)
    waiting = threading.Event()

    def wait() -> None:
        waiting.set()
        with other:
            order.append("waiter")

    with greedy:
        thread = threading.Thread(target=wait)
        thread.start()
        waiting.wait()
        time.sleep(0.05)  # long enough to stand in the turnstile
    for _ in range(3):
        with greedy:
            order.append("greedy")
    thread.join()
    assert order[0] == "waiter"
    greedy.close()
    other.close()


def test_the_lock_goes_with_the_handle(tmp_path: Path) -> None:
    path = str(tmp_path / "file")
    one = Gate(path)
    one.__enter__()
    one.close()
    with Gate(path) as two:
        two.close()
