"""What holds for all tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def an_environment_of_their_own(tmp_path_factory):
    """Keep the user's cache folder and odd settings of Python out of the tests."""
    folder = str(tmp_path_factory.mktemp("cache"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", folder)
        patch.setenv("LOCALAPPDATA", folder)
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # or every command that a test starts would compile anew
        for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):  # what the shell of whoever tests happens to say
            patch.delenv(name, raising=False)
        yield
