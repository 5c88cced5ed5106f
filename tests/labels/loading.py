"""Loads an export with the real `datasets` library, offline, its cache in the test's folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"


def load(folder: Path, lines: Iterable[str]) -> Any:
    """The data set that the library reads from these JSON lines."""
    import datasets

    datasets.disable_progress_bars()
    path = folder / f"{uuid4().hex}.jsonl"
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return datasets.load_dataset(
        "json", data_files=str(path), cache_dir=str(folder / "cache"), split="train"
    )
