"""Puts the parts together: the only place where that is done."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from audit.resources import shipped
from audit.services.acting import Shelf
from audit.services.attempts import Attempts
from audit.services.library import shipped_catalogue
from audit.services.reports import Press
from audit.services.stamping import TimeAuthority
from audit.settings import Settings
from audit.store.blobs import Blobs
from audit.store.database import Database
from audit.store.keys import KeyStore
from audit.store.migrate import upgrade
from audit.store.session import open_engine
from audit.store.uploads import Uploads
from audit.web import (
    access,
    account,
    audits,
    branding,
    checklists,
    corrections,
    device,
    device_photos,
    evidence,
    findings,
    hand_in,
    health,
    history,
    home,
    joining,
    people,
    planning,
    practitioners,
    reports,
    rescue,
    setup,
    sign_in,
    signatures,
    sites,
    verification,
    visit,
    withdrawals,
    words,
    work,
    worker,
)
from audit.web.headers import add_headers
from audit.web.refusals import show_refusals
from audit.web.request import Installation, install, who
from audit.web.static_files import StaticFiles, serve_static
from reports.tokens import Token, TokenAddress

PAGES = (
    home.pages,
    setup.pages,
    sign_in.pages,
    joining.pages,
    account.pages,
    people.pages,
    sites.pages,
    practitioners.pages,
    audits.pages,
    planning.pages,
    signatures.pages,
    evidence.pages,
    history.pages,
    reports.pages,
    branding.pages,
    corrections.pages,
    withdrawals.pages,
    verification.pages,
    findings.pages,
    checklists.pages,
    health.pages,
    device.pages,
    device_photos.pages,
    hand_in.pages,
    rescue.pages,
    work.pages,
    visit.pages,
    worker.pages,
)

# Sections and rescue files may be larger, and say so themselves.
LARGEST_REQUEST = 60_000_000
LARGEST_FORM = 4_000_000
CHECKED_AT_ONCE = 2
# The longest section asked about sixty loads.
MOST_PARTS = 10_000
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def utc_now() -> datetime:
    """Return the time of this machine's clock."""
    return datetime.now(UTC)


def create_app(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Flask:
    """Return the application for `settings`, its database brought to this version's schema."""
    secure = settings.base_url.startswith("https://")
    templates = shipped("templates")
    app = Flask("audit", static_folder=None, template_folder=str(templates))
    app.config.update(_configuration(settings, secure=secure))
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    # /sites and /sites/ are the same page.
    app.url_map.strict_slashes = False
    install(app, _installation(settings, clock, secure=secure))
    # Registered after the request's commit, and so run before it: it only reads the answer.
    add_headers(app, secure=secure)
    show_refusals(app)
    serve_static(app, StaticFiles(Path(__file__).parent / "static", templates))
    words.speak(app)
    app.jinja_env.globals.update(who=who, may=access.may, Permission=access.Permission)
    for pages in PAGES:
        app.register_blueprint(pages)
    app.jinja_env.globals.update(waiting_choices=work.choices_of, waiting_work=work.count)
    app.jinja_env.globals.update(corrected_by=corrections.corrected_by)
    # A tablet without a sign-in is told so first; that its proof is old follows from that.
    access.guard(app)
    CSRFProtect(app)
    return app


def _installation(
    settings: Settings, clock: Callable[[], datetime], *, secure: bool
) -> Installation:
    blobs = Blobs(settings.evidence_dir)
    keys = key_store(settings)
    return Installation(
        database=open_database(settings),
        shelf=Shelf(catalogue=shipped_catalogue(), blobs=blobs),
        press=Press(blobs=blobs, keys=keys, base_url=settings.base_url),
        clock=clock,
        attempts=Attempts(),
        uploads=Uploads(settings.data_dir / "uploads"),
        checking=BoundedSemaphore(CHECKED_AT_ONCE),
        time=time_authority(settings),
        secret=settings.secret_key.get_secret_value().encode(),
        secure=secure,
    )


def time_authority(settings: Settings) -> TimeAuthority:
    """Return who stamps reports here, and whose stamps are believed."""
    path = settings.tsa_certificates
    found = load_pem_x509_certificates(path.read_bytes()) if path else []
    pems = tuple(one.public_bytes(Encoding.PEM) for one in found)
    return TimeAuthority(url=settings.tsa_url, certificates=pems, long_term=settings.long_term)


def open_database(settings: Settings) -> Database:
    """Return the database of this installation, brought to this version's schema."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    return Database(engine=engine)


def key_store(settings: Settings, *, sealing: bool = True) -> KeyStore:
    """Return where this installation keeps its seal keys.

    Only sealing opens them. Without it the secret is left alone, and nothing is made.
    """
    given, opener = settings.seal_key, settings.seal_passphrase
    word = opener.get_secret_value() if opener else ""
    return KeyStore(
        folder=settings.data_dir / "keys",
        passphrase=settings.secret_key.get_secret_value() if sealing else "",
        given=Token(given, word) if isinstance(given, TokenAddress) else given,
        given_passphrase=word,
    )


def _configuration(settings: Settings, *, secure: bool) -> dict[str, object]:
    hosts = set(settings.trusted_hosts)
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        # On this machine alone, all its names are the same place.
        "TRUSTED_HOSTS": sorted(hosts | _LOOPBACK if hosts & _LOOPBACK else hosts),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": MOST_PARTS,
        # This cookie only proves that a form is ours; who is signed in stands in the database.
        "SESSION_COOKIE_NAME": "__Host-form" if secure else "form",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        # A form may stay open all day: it proves where it came from, not when.
        "WTF_CSRF_TIME_LIMIT": None,
    }
