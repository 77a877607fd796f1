"""The application as it is, put together once."""

from pathlib import Path

import pytest
from flask import Flask

from audit.app import create_app
from audit.settings import load_settings


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("house")
    return create_app(load_settings({"AUDIT_DATA_DIR": str(folder)}))
