"""What every command shares: how it is refused, how it tells what it is doing, what it reads."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import DatabaseError, OperationalError

from audit.errors import Refusal
from audit.settings import Settings, load_settings

P = ParamSpec("P")
T = TypeVar("T")
REFUSED = 3
# How many lines long work leaves where nobody looks on: a log, a pipe.
_STEPS = 4


def plainly(command: Callable[P, T]) -> Callable[P, T]:
    """Turn a refusal, of ours or of the machine, into words and exit code 3.

    Anything else is a bug and shows as one.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            words = refusal.message
        except OSError as error:
            words = f"{error.filename or 'The system refuses'}: {error.strerror}."
        except DatabaseError as error:
            # Its other kinds are statements of ours that should never have been made.
            if type(error) not in (DatabaseError, OperationalError):
                raise
            words = f"The database cannot be used: {error.orig}"
        click.echo(words, err=True)
        sys.exit(REFUSED)

    return run


def tell(words: str, done: int = 0, of: int = 0) -> None:
    """Show progress: a line that counts up on a terminal, elsewhere a line for each quarter."""
    counted = f" {done}/{of}" if of else ""
    if sys.stderr.isatty():
        # Back to the start of the line, which is cleared to its end.
        click.echo(f"\r\x1b[K{words}{counted}", err=True, nl=not of or done == of)
    elif not done:
        click.echo(words, err=True)
    elif of >= _STEPS and done * _STEPS // of > (done - 1) * _STEPS // of:
        click.echo(f"{words}{counted}", err=True)


def settings_here(*, host: str = "", port: int = 0) -> Settings:
    """Return the settings of this environment; Invalid names each that is wrong.

    Reports made where pages are served at `host` and `port` point there, unless another address is
    set.
    """
    if not host or address_is_set():
        return load_settings(os.environ)
    return load_settings({**os.environ, "AUDIT_BASE_URL": _address(host, port)})


def address_is_set() -> bool:
    """Say whether this environment names the address that people type."""
    return bool(os.environ.get("AUDIT_BASE_URL"))


def _address(host: str, port: int) -> str:
    """Return how a browser on this machine reaches the server."""
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
