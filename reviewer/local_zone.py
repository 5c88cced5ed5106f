"""The zone of this machine's wall clock, with all its changes of clocks."""

from __future__ import annotations

import os
from datetime import UTC, datetime, tzinfo
from pathlib import Path

_LOCALTIME = Path("/etc/localtime")


def local_zone() -> tzinfo:
    """The zone that `TZ` or the system names; the present offset where it cannot be known."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    named = os.environ.get("TZ", "").removeprefix(":")
    try:
        if not named and _LOCALTIME.exists():
            named = str(_LOCALTIME.resolve()).rpartition("zoneinfo/")[2]
            if named.startswith("/"):  # a copy, not a link: the rules are there, the name is not
                with _LOCALTIME.open("rb") as file:
                    return ZoneInfo.from_file(file)
        if named:
            return ZoneInfo(named)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        pass
    return datetime.now().astimezone().tzinfo or UTC
