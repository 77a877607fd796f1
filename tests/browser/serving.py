"""The application behind a real server, for browsers to open."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from audit.web.request import Installation

PASSWORD = "three calm words"
EMAIL = "owner@example.test"
Opened = Callable[[bool], Page]


@dataclass(frozen=True)
class Served:
    """Where the application answers, and the application itself."""

    address: str
    app: Flask


@contextmanager
def serve(app: Flask) -> Iterator[Served]:
    """Answer for `app` on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Served(address=f"http://127.0.0.1:{server.server_port}", app=app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        installed: Installation = app.extensions["hygiene_audit"]
        installed.database.engine.dispose()
