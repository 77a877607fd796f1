"""A tablet as the server sees it: it speaks docs/device.md over a signed-in browser."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import NOW
from tests.web.conftest import PASSWORD

SLICE = 4000
# An id of nothing; always the same, so that tests keep their names.
NOTHING = UUID("0198f000-0000-7000-8000-000000000000")


@dataclass
class Tablet:
    """Keeps its sign-in, the proof for writing, and the parents it knows."""

    client: FlaskClient
    clock: datetime = NOW
    device: str = field(default_factory=lambda: str(uuid4()))
    parents: dict[str, str] = field(default_factory=dict)

    def session(self) -> dict[str, Any]:
        said: dict[str, Any] = self.client.get("/device/session").json
        return said

    def head(self, **more: object) -> dict[str, object]:
        user = (self.session()["user"] or {"id": str(uuid4())})["id"]
        clock = self.clock.isoformat()
        return {"v": 1, "device": self.device, "user": user, "clock": clock, **more}

    def send(self, method: str, address: str, **more: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.session()["csrf"], **more.pop("headers", {})}
        return self.client.open(address, method=method, headers=headers, **more)

    def post(self, address: str, **body: object) -> TestResponse:
        return self.send("POST", address, json=self.head(**body))

    def changes(self, audit_id: UUID | str, *changes: dict[str, object], **more: object) -> Any:
        return self.post(f"/device/audits/{audit_id}/changes", changes=changes, **more)

    def record(self, audit_id: UUID | str, *changes: dict[str, object]) -> list[dict[str, Any]]:
        """Send changes and return their results."""
        results: list[dict[str, Any]] = self.changes(audit_id, *changes).json["results"]
        return results

    def pull(self, audit_id: UUID | str, since: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/device/audits/{audit_id}?since={since}").json
        return found

    def create(self, site_id: UUID, code: str = "small-check", **more: object) -> dict[str, object]:
        """Return how a new audit of a site begins, as taken along."""
        sites = self.client.get("/device/along").json["sites"]
        site = next(one for one in sites if one["id"] == str(site_id))
        page = next(one for one in site["pages"] if one["code"] == code)
        names = ("code", "version", "pack", "pack_version", "digest")
        return {
            **{name: page[name] for name in names},
            "site": str(site_id),
            "kind": "self_audit",
            "person_in_charge": "Lee Park",
            "started_at": self.clock.isoformat(),
            **more,
        }

    def upload(
        self, audit_id: UUID | str, key: str, data: bytes, photo_id: str = "", **more: object
    ) -> TestResponse:
        """Declare a photo and send all of it; return the last reply."""
        photo_id = photo_id or str(uuid4())
        reply = self.declare(audit_id, key, data, photo_id, **more)
        while reply.status_code == 200 and not reply.json["complete"]:  # type: ignore[index]
            offset = reply.json["offset"]  # type: ignore[index]
            reply = self.piece(photo_id, offset, data[offset : offset + SLICE])
        return reply

    def declare(
        self, audit_id: UUID | str, key: str, data: bytes, photo_id: str, **more: object
    ) -> TestResponse:
        facts = {
            "audit": str(audit_id),
            "key": key,
            "size": len(data),
            "digest": sha256(data).hexdigest(),
            "taken_at": self.clock.isoformat(),
            "width": 640,
            "height": 480,
            "drawn_on": None,
            **more,
        }
        return self.send("PUT", f"/device/evidence/{photo_id}", json=self.head(**facts))

    def piece(self, photo_id: str, offset: int, data: bytes) -> TestResponse:
        return self.send(
            "PATCH",
            f"/device/evidence/{photo_id}",
            data=data,
            headers={"Upload-Offset": str(offset)},
            content_type="application/offset+octet-stream",
        )

    def hand_in(self, audit_id: UUID | str, **more: object) -> TestResponse:
        """Close what the server has, unless told otherwise, signed by the inspector."""
        body: dict[str, object] = {
            "id": str(uuid4()),
            **seen(self.pull(audit_id)),
            "completed_at": self.clock.isoformat(),
            "password": PASSWORD,
            "signatures": [signature(self.clock)],
            **more,
        }
        return self.post(f"/device/audits/{audit_id}/hand-in", **body)


def seen(pulled: dict[str, Any]) -> dict[str, object]:
    """Return revision, state and photos as a tablet works them out from what it pulled."""
    cells = sorted([cell["key"], cell["change"]] for cell in pulled["cells"])
    text = "[" + ",".join(f'["{key}","{change}"]' for key, change in cells) + "]"
    photos = sorted([one["id"], one["digest"]] for one in pulled["photos"])
    state = sha256(text.encode()).hexdigest()
    return {"revision": pulled["revision"], "state": state, "evidence": photos}


def signature(at: datetime, **more: object) -> dict[str, object]:
    return {
        "part": "inspector",
        "name": "Ines Ray",
        "role": "Owner",
        "credential": "",
        "comment": "",
        "refused": False,
        "reason": "",
        "strokes": [[10, 20, 30, 40]],
        "signed_at": at.isoformat(),
        **more,
    }


def change(key: str, raw: object, parent: object = None, **more: object) -> dict[str, object]:
    at = NOW.isoformat()
    made = {"id": str(uuid4()), "key": key, "raw": raw, "parent": parent, "at": at, "via": "tap"}
    return {**made, **more}
