"""Serves the application with gunicorn: one process, several threads."""

import gc
from collections.abc import Callable
from threading import Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn, told by us instead of by a file."""

    def __init__(self, app: Flask, settings: dict[str, Any]) -> None:
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set what was asked for."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Return the application, which was put together before."""
        return self._app


def serve_forever(
    app: Flask, *, host: str, port: int, threads: int, beside: Callable[[], None] | None = None
) -> None:
    """Serve `app` until the process is told to stop, with `beside` at work in its own thread.

    One process, so that writers to SQLite queue up in it; threads wait for the disk, not for us.
    """
    settings = {
        "bind": f"{host}:{port}",
        "worker_class": "gthread",
        "workers": 1,
        "threads": threads,
        "timeout": 120,
        "graceful_timeout": 30,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    if beside:
        # Begun in the process that serves: threads do not survive the fork.
        settings["post_worker_init"] = lambda _: Thread(target=beside, daemon=True).start()
    # What is loaded by now stays; walking through it again took a fifth of printing's time.
    gc.freeze()
    _Server(app, settings).run()
