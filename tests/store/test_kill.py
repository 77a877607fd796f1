"""What a killed program had acknowledged is there, with its files; nothing is half there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from audit.store.blobs import Blobs
from audit.store.evidence import Evidence
from audit.store.journal import JournalEntry
from audit.store.scope import organisation_scope, platform_scope
from audit.store.session import transaction
from tests.factories import make_audit, make_organisation

WRITER = """
import sys
from pathlib import Path
from uuid import UUID

from audit.store.audits import get_audit
from audit.store.blobs import Blobs
from audit.store.journal import Actor, write_entry
from audit.store.scope import organisation_scope
from audit.store.session import open_engine, transaction
from tests.factories import NOW, make_evidence

url, folder, organisation_id, audit_id = sys.argv[1:]
engine, blobs = open_engine(url), Blobs(Path(folder))
scope = organisation_scope(UUID(organisation_id))
number = 0
while True:
    number += 1
    digest = blobs.put(f"photo {number}".encode() * 500)
    with transaction(engine, scope) as session:
        audit = get_audit(session, UUID(audit_id))
        photo = make_evidence(session, audit, digest=digest)
        by = Actor(person_id=None, name="the writer")
        write_entry(session, act="photo.add", by=by, subject=("evidence", photo.id), at=NOW)
    print(photo.id, digest, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 12, 40])
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(
    engine: Engine, tmp_path: Path, acknowledged: int
) -> None:
    with transaction(engine, platform_scope("a test's organisation")) as session:
        organisation_id = make_organisation(session).id
    scope = organisation_scope(organisation_id)
    with transaction(engine, scope) as session:
        audit_id = make_audit(session).id
    url = engine.url.render_as_string(hide_password=False)
    folder = tmp_path / "evidence"
    command = [sys.executable, "-c", WRITER, url, str(folder), str(organisation_id), str(audit_id)]

    lines = write_until_killed(command, acknowledged)

    with transaction(engine, scope, writing=False) as session:
        kept = {str(row.id): row.digest for row in session.scalars(select(Evidence))}
        numbers = session.scalars(select(JournalEntry.number).order_by(JournalEntry.number)).all()
    blobs = Blobs(folder)
    assert dict(line.split() for line in lines).items() <= kept.items()
    assert list(numbers) == list(range(1, len(kept) + 1))
    assert all(blobs.get(digest) for digest in kept.values())
    assert len(lines) >= acknowledged


def write_until_killed(command: list[str], acknowledged: int) -> list[str]:
    environment = os.environ | {"PYTHONPATH": "."}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(acknowledged)]
        writer.send_signal(signal.SIGKILL)
        # What was said before the end counts too; a line cut off was not said.
        rest = [line for line in writer.stdout if line.endswith("\n")]
    return lines + rest
