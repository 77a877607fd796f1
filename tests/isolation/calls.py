"""How each address is called: what fills its places, and what is sent along."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from werkzeug.routing import Rule

from tests.factories import NOW
from tests.isolation.world import Ids
from tests.web.conftest import PASSWORD

# Places that name something of an organisation. Others choose among what is the same for all.
NAMED = (
    "organisation_id",
    "site_id",
    "sterilizer_id",
    "practitioner_id",
    "credential_id",
    "audit_id",
    "evidence_id",
    "person_id",
    "stay_id",
    "link_id",
    "code",
)
SAME = {
    "number": "1",
    "version": "1",
    "pack_version": "1",
    "pack": "us-ut",
    "group": "rooms",
    "layout": "summary",
    "build": "0",
    "name": "css/base.css",
    "token": "no-such-token-at-all",
}
# Which of its audits an address is about, by how it begins or ends; else the one in progress.
_AUDITS = (
    (("/plan", "/begin", "/day", "/drop"), "planned"),
    (("/result", "/report", "/review", "/sign", "/discard"), "signed"),
    (("/receipt", "/kept"), "reported"),
)
_WAITING = ("/work/photos/", "/device/evidence/")


@dataclass(frozen=True)
class Place:
    """One place of a call that names something: in the address, or in what is sent (`body`)."""

    name: str
    body: bool = False


def places_of(rule: Rule, method: str) -> list[Place]:
    """Return every place of a call where the id of someone else could stand."""
    catalogued = rule.rule.startswith(("/checklists", "/visit"))
    found = [
        Place(name)
        for name in sorted(rule.arguments)
        if name in NAMED and not (name == "code" and catalogued)
    ]
    return [*found, *(Place(name, body=True) for name in _BODIES.get((method, rule.rule), ()))]


def unknown_places(rule: Rule) -> set[str]:
    """Return the places of an address that nobody has said how to fill."""
    return set(rule.arguments) - set(NAMED) - SAME.keys()


def value_of(ids: Ids, place: Place, rule: Rule) -> str:
    """Return what of `ids` stands at a place of this address."""
    if place.name == "audit_id" and not place.body:
        for ends, which in _AUDITS:
            if rule.rule.endswith(ends):
                return str(getattr(ids, which))
    if place.name == "evidence_id" and rule.rule.startswith(_WAITING):
        return str(ids.waiting)
    return str(getattr(ids, place.name))


def never(place: Place) -> str:
    """Return an id of nothing."""
    return "9999-ZZZZ-9999" if place.name == "code" else str(uuid4())


def address_of(rule: Rule, values: Mapping[Place, str]) -> str:
    """Return the address with its places filled."""
    filled = {place.name: value for place, value in values.items() if not place.body}
    fixed = {"code": "small-check", **SAME}
    names = {name: filled.get(name, fixed.get(name, "")) for name in rule.arguments}
    built = rule.build({name: _typed(name, one) for name, one in names.items()})
    if built is None:
        raise AssertionError(f"{rule.rule} cannot be built from {names}")
    return str(built[1])


def _typed(name: str, value: str) -> object:
    if name.endswith("_id"):
        return UUID(value)
    return int(value) if value.isdigit() else value


def sent_with(rule: Rule, method: str, values: Mapping[Place, str]) -> dict[str, Any]:
    """Return what the test client sends beside the address; forms still need their proof."""
    body = {place.name: value for place, value in values.items() if place.body}
    if rule.rule.startswith("/device/"):
        return _for_program(rule, method, body)
    if method == "GET":
        return {}
    form = {"password": PASSWORD, "name": "A name", "reason": "A reason"}
    if rule.rule == "/audits/new":
        form |= {"checklist": "small-check", "kind": "self_audit", "site": body["site_id"]}
    elif "site_id" in body:
        form["site"] = body["site_id"]
    return {"data": form}


def _for_program(rule: Rule, method: str, body: Mapping[str, str]) -> dict[str, Any]:
    if method == "GET":
        return {}
    if method == "PATCH":
        return {
            "data": b"piece",
            "headers": {"Upload-Offset": "0"},
            "content_type": "application/offset+octet-stream",
        }
    said = {"v": 1, "device": str(uuid4()), "clock": NOW.isoformat()}
    return {"json": {**said, **_PROGRAMS.get(rule.rule, lambda _: {})(body)}}


def _photo(body: Mapping[str, str]) -> dict[str, Any]:
    return {
        "audit": body["audit_id"],
        "key": "water_warm",
        "size": 5,
        "digest": "0" * 64,
        "taken_at": NOW.isoformat(),
        "width": 64,
        "height": 48,
        "drawn_on": None,
    }


def _hand_in(_: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "revision": 0,
        "state": "0" * 64,
        "evidence": [],
        "completed_at": NOW.isoformat(),
        "password": PASSWORD,
        "signatures": [],
    }


_PROGRAMS: Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]] = {
    "/device/evidence/<uuid:evidence_id>": _photo,
    "/device/audits/<uuid:audit_id>/hand-in": _hand_in,
    "/device/audits/<uuid:audit_id>/changes": lambda _: {"changes": []},
}
_BODIES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("POST", "/audits/new"): ("site_id",),
    ("POST", "/practitioners/new"): ("site_id",),
    ("POST", "/practitioners/<uuid:practitioner_id>/edit"): ("site_id",),
    ("PUT", "/device/evidence/<uuid:evidence_id>"): ("audit_id",),
}
