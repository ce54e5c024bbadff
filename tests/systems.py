"""What not every system has: the tests that need it are skipped elsewhere."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest


def _can_link() -> bool:
    """Whether symbolic links can be made; on Windows not everybody may."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            Path(folder, "link").symlink_to("nowhere")
        except (OSError, NotImplementedError):
            return False
    return True


posix = pytest.mark.skipif(os.name != "posix", reason="of POSIX systems")
pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
links = pytest.mark.skipif(not _can_link(), reason="no symbolic links here")
full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
devices = pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices among the files here")
