"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from reviewer.files import replace_text, replacing


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("old")

    def broken() -> None:
        with replacing(path) as file:
            file.write("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        broken()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    real, link, later = tmp_path / "real", tmp_path / "link", tmp_path / "later"
    real.write_text("old")
    link.symlink_to("real")
    later.symlink_to("comes")
    replace_text(link, "new")
    replace_text(later, "made")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert (later.is_symlink(), (tmp_path / "comes").read_text()) == (True, "made")


def test_a_pipe_is_written_into_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    replace_text(pipe, "through\n")
    if not pipe.is_fifo():  # it was replaced, and the reader waits for ever
        pytest.fail("the pipe was taken away")
    reader.join(10)
    assert read == ["through\n"]


def test_a_device_is_written_into_and_stays_one(tmp_path: Path) -> None:
    device = tmp_path / "full"
    try:
        os.mknod(device, 0o600 | 0o020000, os.stat("/dev/full").st_rdev)
        device.open("w").close()
    except OSError as error:
        pytest.skip(f"devices cannot be made here: {error.strerror}")
    with pytest.raises(OSError, match="No space"):
        replace_text(device, "lost")
    assert device.is_char_device()
