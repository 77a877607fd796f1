"""A house to soak: an installation of its own, served by a process that can be killed."""

import os
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import create_server
from uuid import UUID

from audit.app import open_database
from audit.services.people import hash_password
from audit.settings import Settings
from audit.store.audits import changes_of, get_audit
from audit.store.base import Document
from audit.store.evidence import evidence_of
from audit.store.people import Role
from audit.store.scope import organisation_scope, platform_scope
from tests.factories import make_organisation, make_person, make_site

EMAIL = "inspector@example.test"
PASSWORD = "three calm words"
_PATIENCE_S = 60


@dataclass(kw_only=True)
class House:
    """One organisation with one inspector and one site, in `folder`."""

    folder: Path
    organisation_id: UUID = field(init=False)
    port: int = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        with create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._settings = Settings(data_dir=self.folder, base_url=f"http://127.0.0.1:{self.port}")
        self._database = open_database(self._settings)
        with self._database.transaction(platform_scope("an organisation to soak")) as session:
            self.organisation_id = make_organisation(session).id
        with self._database.transaction(organisation_scope(self.organisation_id)) as session:
            kept = hash_password(PASSWORD)
            make_person(
                session, role=Role.INSPECTOR, email=EMAIL, password_hash=kept, name="Ines Ray"
            )
            make_site(session, services=["facials", "extraction"])

    def serve(self) -> None:
        """Start the real server, and wait until it answers."""
        environment = {**os.environ, "AUDIT_DATA_DIR": str(self.folder)}
        program = str(Path(sys.executable).with_name("hygiene-audit"))
        command = [program, "serve", "--port", str(self.port)]
        with (self.folder / "served.log").open("ab") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            asking = HTTPConnection("127.0.0.1", self.port, timeout=5)
            with closing(asking), suppress(OSError, HTTPException):
                asking.request("GET", "/health")
                asking.getresponse()
                return
            time.sleep(0.1)
        raise TimeoutError("the server did not start")

    def kill(self) -> None:
        """End the server as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def kept(self, audit_id: UUID) -> tuple[Document, dict[str, str], list[UUID]]:
        """Return what the server keeps of an audit: responses, photos' digests, changes."""
        scope = organisation_scope(self.organisation_id)
        with self._database.transaction(scope, writing=False) as session:
            given = dict(get_audit(session, audit_id).given)
            photos = {str(row.id): row.known_as for row in evidence_of(session, audit_id)}
            return given, photos, [row.change_id for row in changes_of(session, audit_id)]
