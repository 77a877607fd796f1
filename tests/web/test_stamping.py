"""Time stamps of issued reports: taken in the background, shown, and never made up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from asn1crypto import tsp
from flask import Flask

from audit.errors import Conflict
from audit.services import stamping
from audit.services.stamping import RENEWED_BEFORE, Round, TimeAuthority, stamp_due
from audit.store.audits import get_audit
from audit.store.people import Role
from audit.store.reports import get_report
from audit.store.scope import organisation_scope
from audit.store.stamps import newest_revision
from audit.web.request import Installation
from reports.verify import Trust, verify
from tests.factories import NOW, make_report
from tests.reports.time_server import Reply, honest, serving
from tests.reports.timekeeping import LATER, SINCE, authority_ends, clock_pem, replying
from tests.web.conftest import Clock, House, Visitor
from tests.web.small_visit import issue, offer_small_library


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path: Path) -> None:
    offer_small_library(app, tmp_path / "checklists")


@pytest.fixture
def code(owner: Visitor, house: House) -> str:
    return issue(owner, house)


def installed(app: Flask) -> Installation:
    found: Installation = app.extensions["hygiene_audit"]
    return found


def stamp_by(app: Flask, reply: Reply | None, *certificates: bytes, long_term: bool = False) -> int:
    """Look once for what waits, at an authority that replies so, or at one that is gone."""
    with serving(reply or honest()) as address:
        time = TimeAuthority(url=address, certificates=certificates, long_term=long_term)
        app.extensions["hygiene_audit"] = known = replace(installed(app), time=time)
        if reply:
            return stamp_due(known.database, known.press, time, known.clock).done
    return stamp_due(known.database, known.press, time, known.clock).done


def other_imprint(request: tsp.TimeStampReq) -> Iterator[bytes]:
    request["message_imprint"]["hashed_message"] = bytes(32)
    yield replying(request, LATER, "Time Authority").dump()


def overlong(request: tsp.TimeStampReq) -> Iterator[bytes]:
    made = replying(request, LATER, "Time Authority")
    given = made["time_stamp_token"]["content"]["certificates"]
    for _ in range(30):
        given.append(given[0])
    yield made.dump()


def test_a_stamped_report_begins_with_what_was_issued_and_says_so(
    app: Flask, owner: Visitor, code: str
) -> None:
    issued = owner.get(f"/reports/{code}.pdf").data

    assert stamp_by(app, honest(), clock_pem()) == 1

    stamped = owner.get(f"/reports/{code}.pdf").data
    assert stamped.startswith(issued)
    assert len(stamped) > len(issued)
    assert owner.get(f"/reports/{code}.pdf?issued").data == issued
    page = owner.get(f"/reports/{code}").text
    assert "Time Authority confirms that it existed" in page
    for data in (issued, stamped):
        assert sha256(data).hexdigest() in page
    assert stamp_by(app, honest(), clock_pem()) == 0


@pytest.mark.parametrize(("query", "level"), [("", "B-T"), ("?issued", "B-B")])
def test_both_files_are_in_the_register(
    app: Flask, owner: Visitor, visitor: Visitor, code: str, query: str, level: str
) -> None:
    stamp_by(app, honest(), clock_pem())
    data = owner.get(f"/reports/{code}.pdf{query}").data

    visitor.get("/verify")
    said = visitor.post("/verify", file=(BytesIO(data), "report.pdf")).text

    assert "PASSED" in said
    assert f"Exactly this file was issued as report {code}." in said
    assert f"PAdES {level}" in said


def test_an_authority_that_is_away_is_shown_and_asked_again(
    app: Flask, owner: Visitor, code: str, clock: Clock
) -> None:
    assert stamp_by(app, None) == 0
    page = owner.get(f"/reports/{code}").text
    assert "cannot be reached" in page
    assert "Asked 1 time," in page

    assert stamp_by(app, honest()) == 0
    clock.move(timedelta(minutes=2))
    assert stamp_by(app, honest()) == 1

    page = owner.get(f"/reports/{code}").text
    assert "cannot be reached" not in page
    assert "Time Authority confirms" in page


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (honest("Someone Else"), "another authority"),
        (other_imprint, "is not valid"),
        (overlong, "is not valid"),
    ],
)
def test_a_stamp_that_does_not_hold_is_not_taken(
    app: Flask, owner: Visitor, code: str, reply: Reply, words: str
) -> None:
    before = owner.get(f"/reports/{code}.pdf").data

    assert stamp_by(app, reply, clock_pem()) == 0

    assert words in owner.get(f"/reports/{code}").text
    assert owner.get(f"/reports/{code}.pdf").data == before


def test_a_damaged_file_holds_up_no_other_report(
    app: Flask, owner: Visitor, house: House, code: str
) -> None:
    digest = sha256(owner.get(f"/reports/{code}.pdf").data).hexdigest()
    other = issue(owner, house)
    installed(app).press.blobs.path(digest).write_bytes(b"%PDF-")

    assert stamp_by(app, honest(), clock_pem()) == 1

    assert "is damaged on our disk" in owner.get(f"/reports/{code}").text
    assert "Time Authority confirms" in owner.get(f"/reports/{other}").text


def test_without_an_authority_a_report_promises_no_stamp(owner: Visitor, code: str) -> None:
    assert "Time stamp" not in owner.get(f"/reports/{code}").text


def replying_once(at: datetime) -> Reply:
    """Stamp what is asked for the first time, and nothing after it."""
    left = [honest(at=at)]

    def reply(request: tsp.TimeStampReq) -> Iterator[bytes]:
        yield from left.pop()(request) if left else [b"busy"]

    return reply


def newest(owner: Visitor, code: str) -> bytes:
    return owner.get(f"/reports/{code}.pdf").data


def test_for_the_long_term_a_report_carries_its_proofs(
    app: Flask, owner: Visitor, code: str, clock: Clock
) -> None:
    issued = newest(owner, code)

    assert stamp_by(app, honest(at=clock.at), clock_pem(), long_term=True) == 1

    lasting = newest(owner, code)
    pinned = installed(app).press.keys.pinned()
    verdict = verify(lasting, Trust(pinned=pinned, clocks=(clock_pem(),)))
    assert lasting.startswith(issued)
    assert (verdict.standing, verdict.level) == ("PASSED", "B-LTA")
    assert "PAdES B-LTA" in owner.get(f"/reports/{code}").text
    assert stamp_by(app, honest(at=clock.at), clock_pem(), long_term=True) == 0


def test_what_was_reached_is_kept_when_the_authority_fails_midway(
    app: Flask, owner: Visitor, visitor: Visitor, code: str, clock: Clock
) -> None:
    assert stamp_by(app, replying_once(clock.at), clock_pem(), long_term=True) == 1

    before = newest(owner, code)
    page = owner.get(f"/reports/{code}").text
    assert "PAdES B-LT)" in page
    assert "For the long term" in page
    clock.move(timedelta(minutes=2))
    assert stamp_by(app, honest(at=clock.at), clock_pem(), long_term=True) == 1
    after = newest(owner, code)
    assert after.startswith(before)
    assert "For the long term" not in owner.get(f"/reports/{code}").text
    for data, level in ((before, "B-LT"), (after, "B-LTA")):
        visitor.get("/verify")
        said = visitor.post("/verify", file=(BytesIO(data), "report.pdf")).text
        assert f"Exactly this file was issued as report {code}." in said
        assert f"PAdES {level}" in said


def test_an_installation_that_turns_to_the_long_term_lengthens_what_it_stamped_before(
    app: Flask, owner: Visitor, code: str, clock: Clock
) -> None:
    stamp_by(app, honest(at=clock.at), clock_pem())
    before = newest(owner, code)

    assert stamp_by(app, honest(at=clock.at), clock_pem(), long_term=True) == 1

    assert newest(owner, code).startswith(before)
    assert "PAdES B-LTA" in owner.get(f"/reports/{code}").text


@pytest.mark.parametrize("long_term", [False, True])
def test_a_stamp_is_renewed_in_the_last_year_of_its_certificate(
    app: Flask, house: House, code: str, clock: Clock, long_term: bool
) -> None:
    successor = SINCE + timedelta(days=8 * 365)
    both = (clock_pem(), clock_pem(since=successor))
    stamp_by(app, honest(at=clock.at), *both, long_term=long_term)
    clock.at = authority_ends() - RENEWED_BEFORE
    later = honest(at=clock.at, since=successor)
    assert stamp_by(app, later, *both, long_term=long_term) == 0

    clock.move(timedelta(seconds=1))

    assert stamp_by(app, later, *both, long_term=long_term) == 1
    assert stamp_by(app, later, *both, long_term=long_term) == 0
    known = installed(app)
    with known.database.transaction(organisation_scope(house.organisation_id)) as session:
        row = newest_revision(session, get_report(session, code))
        assert row is not None
        assert (row.number, row.level) == (2, "B-LTA" if long_term else "B-T")
        # Since when it exists is what the first stamp says.
        assert row.stamped_at < clock.at - timedelta(days=365)
        data = known.press.blobs.get(row.digest)
    verdict = verify(data, Trust(pinned=known.press.keys.pinned(), clocks=both))
    assert (verdict.standing, verdict.level) == ("PASSED", row.level)


def test_a_renewal_that_would_end_no_later_is_not_filed(
    app: Flask, owner: Visitor, house: House, code: str, clock: Clock
) -> None:
    stamp_by(app, honest(at=clock.at), clock_pem())
    clock.at = authority_ends() - timedelta(days=30)
    owner.sign_in(house.emails[Role.OWNER])
    before, other = newest(owner, code), issue(owner, house)

    # The other one still waits for its first stamp, and gets it.
    assert stamp_by(app, honest(at=clock.at), clock_pem()) == 1
    assert stamp_by(app, honest(at=clock.at), clock_pem()) == 0

    assert newest(owner, code) == before
    assert "Time Authority confirms" in owner.get(f"/reports/{other}").text


def test_a_file_that_cannot_be_read_holds_up_no_other_report(
    app: Flask, owner: Visitor, house: House, code: str
) -> None:
    known = installed(app)
    with known.database.transaction(organisation_scope(house.organisation_id)) as session:
        report = get_report(session, code)
        audit = get_audit(session, report.audit_id)
        strange = known.press.blobs.put(b"%PDF-1.7 of some other program")
        bad = make_report(session, audit, digest=strange, code="ODD-ODD-ODDS", issued_at=NOW)

    assert stamp_by(app, honest(), clock_pem()) == 1

    assert "cannot be read by this version" in owner.get(f"/reports/{bad.code}").text
    assert "Time Authority confirms" in owner.get(f"/reports/{code}").text


def test_a_key_of_which_nobody_says_whether_it_is_revoked_holds_up_no_other_report(
    app: Flask, owner: Visitor, house: House, code: str, clock: Clock
) -> None:
    for path in installed(app).press.keys.folder.glob("*.crl"):
        path.unlink()
    other = issue(owner, house)

    assert stamp_by(app, honest(at=clock.at), clock_pem(), long_term=True) == 2

    for one in (code, other):
        page = owner.get(f"/reports/{one}").text
        assert "PAdES B-T)" in page
        assert "Nobody says whether the certificates" in page


def ends_of(app: Flask, house: House, report: str) -> datetime | None:
    with installed(app).database.transaction(organisation_scope(house.organisation_id)) as session:
        found = newest_revision(session, get_report(session, report))
        return found.holds_until if found else None


def test_a_renewal_in_vain_holds_up_no_stamp_that_ends_sooner(
    app: Flask, owner: Visitor, house: House, code: str, clock: Clock
) -> None:
    other, following = issue(owner, house), SINCE + timedelta(days=60)
    both = (clock_pem(), clock_pem(since=following))
    assert stamp_by(app, honest(at=clock.at), *both) == 2
    clock.at = authority_ends() - timedelta(days=30)
    renewed = [1]

    def once(request: tsp.TimeStampReq) -> Iterator[bytes]:
        if renewed:
            renewed.pop()
            yield replying(request, clock.at, "Time Authority", following).dump()
        else:
            yield b"busy"

    stamp_by(app, once, *both)
    clock.move(timedelta(days=1))
    stamp_by(app, honest(at=clock.at, since=following), *both)

    assert ends_of(app, house, code) == ends_of(app, house, other)


def test_a_busy_database_does_not_end_the_stamping(
    app: Flask, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, stop, rounds = installed(app), Event(), []

    def busy_once(*_: object, **__: object) -> Round:
        rounds.append(1)
        if len(rounds) == 1:
            raise Conflict("Too much is being saved at once. Try again.", code="database_busy")
        stop.set()
        return Round()

    monkeypatch.setattr(stamping, "stamp_due", busy_once)
    monkeypatch.setattr(stamping, "_LOOK_EVERY_S", 0.01)

    stamping.keep_stamping(known.database, known.press, known.time, known.clock, stop)

    assert (len(rounds), bool(code)) == (2, True)
