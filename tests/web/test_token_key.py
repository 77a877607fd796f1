"""Reports issued through the pages while the seal key lies on a token."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from audit.app import create_app
from audit.domain.lifecycle import AuditState
from audit.settings import load_settings
from audit.store.audits import get_audit
from audit.store.database import Database
from audit.store.journal import entries
from audit.store.reports import list_reports
from audit.store.scope import organisation_scope
from audit.web.request import Installation
from reports.examination import examine
from tests.factories import NOW
from tests.reports.test_tokens import issued
from tests.soft_tokens import PIN, SoftTokens
from tests.web.conftest import Clock, House, Visitor, database_of
from tests.web.small_visit import complete, offer_small_library, sign


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path, clock: Clock, drawer: SoftTokens) -> Iterator[Flask]:
    """The application, its seal key on the token in the drawer."""
    drawer.store(issued(drawer.make_key()))
    settings = load_settings(
        {
            "AUDIT_DATA_DIR": str(tmp_path / "data"),
            "AUDIT_DATABASE_URL": sqlite_url,
            "AUDIT_BASE_URL": "http://localhost",
            "AUDIT_SEAL_KEY": drawer.address(),
            "AUDIT_SEAL_PASSPHRASE": PIN,
        }
    )
    made = create_app(settings, clock=clock)
    offer_small_library(made, tmp_path / "checklists")
    yield made
    database_of(made).engine.dispose()


@pytest.fixture
def signed_audit(owner: Visitor, house: House) -> UUID:
    audit_id = complete(owner, house)
    sign(owner, audit_id)
    sign(owner, audit_id, name="Lee Park", role="Person in charge")
    return audit_id


def test_a_report_sealed_by_a_token_is_issued_and_passes(
    app: Flask, owner: Visitor, drawer: SoftTokens, signed_audit: UUID
) -> None:
    sent = owner.post(f"/audits/{signed_audit}/report")

    installed: Installation = app.extensions["hygiene_audit"]
    pdf = owner.get(f"{sent.location}.pdf").data
    own = drawer.token().load(NOW).certificate.public_bytes(Encoding.PEM)
    assert installed.press.keys.pinned() == (own,)
    assert examine(pdf, (own,)).standing == "PASSED"


def test_without_its_token_nothing_is_issued_and_with_it_everything(
    owner: Visitor, house: House, database: Database, drawer: SoftTokens, signed_audit: UUID
) -> None:
    drawer.take_away()
    kept = files_of(drawer)

    refused = owner.post(f"/audits/{signed_audit}/report")

    assert refused.status_code == 422
    assert "cannot be used: There is no such token: plug it in" in refused.text
    with database.transaction(organisation_scope(house.organisation_id), writing=False) as reading:
        assert get_audit(reading, signed_audit).state is AuditState.SIGNED
        assert list(list_reports(reading, limit=9, offset=0)) == []
        assert "issue_report" not in {entry.act for entry in entries(reading)}
    assert files_of(drawer) == kept

    drawer.put_back()
    issued_now = owner.post(f"/audits/{signed_audit}/report")

    assert issued_now.location.startswith("/reports/")
    assert owner.get(f"{issued_now.location}.pdf").status_code == 200


def files_of(drawer: SoftTokens) -> list[Path]:
    """Return every file the application keeps, without its database and the key of its journal."""
    every = (path for path in (drawer.folder / "data").rglob("*") if path.is_file())
    return sorted(path for path in every if ".log" not in path.suffixes)
