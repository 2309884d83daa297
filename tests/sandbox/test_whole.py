"""A file is there whole, whoever writes it at the same time."""

from __future__ import annotations

from concurrent import futures
from pathlib import Path

import pytest

from nautilus.sandbox import whole


def test_writers_at_the_same_time_leave_one_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    texts = [str(number) * 100_000 for number in range(8)]
    with futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: whole.write(file, text), texts * 8))
    assert file.read_text() in texts
    assert list(tmp_path.iterdir()) == [file]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    with pytest.raises(OSError, match="f"):
        whole.write(tmp_path / "f", "new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["f"]
