"""The demo's sealed report without a server: one made-up inspection, held in memory only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random

from audit.domain.catalogue import Catalogue
from audit.domain.checklist import Asked, Repeats, Subject
from audit.domain.credentials import standing_of
from audit.domain.definitions import RepeatGroup
from audit.domain.responses import Response
from audit.services.demo import (
    DRAWN,
    INSPECTION,
    LOOK,
    ORGANISATION,
    PEOPLE,
    ROOMS,
    SITES,
    DemoSite,
    made_up_credentials,
    photos_due,
    sign,
    stand_in,
    still_open,
)
from audit.services.made_reports import Desk, MadeReport, press_report
from audit.services.made_up import Manner, respond
from audit.services.record import Basis, Visit, ask, find_basis
from audit.services.responses_file import Handed
from audit.services.responses_shape import SignatureEntry
from audit.services.signatures import MEANINGS
from audit.store.photos import PlainPhoto
from audit.store.signatures import Part
from reports import snapshot as frozen


def make_demo_report(catalogue: Catalogue, *, desk: Desk, now: datetime) -> MadeReport:
    """Make the sealed report of a made-up inspection that ended at `now`."""
    site = SITES[0]
    pack = catalogue.pack_for(site.jurisdiction)
    basis = find_basis(
        catalogue,
        code=INSPECTION,
        version=catalogue.newest(INSPECTION),
        pack=(pack.code, pack.version) if pack else None,
    )
    desk.progress("Making up an inspection")
    visit, photos = _carry_out(_arrive(site, now - timedelta(hours=2)), basis, site)
    inspector, receiver = PEOPLE[1][1], site.in_charge
    logo = sign()
    handed = Handed(
        visit=visit,
        photos={sha256(photo.data).hexdigest(): photo.data for photo in (logo, *photos)},
        branding=frozen.Branding(logo=_logo(logo), **LOOK),
        completed_at=now,
        signatures=(
            SignatureEntry(name=inspector, role="Inspector", meaning=MEANINGS[Part.INSPECTOR]),
            SignatureEntry(
                name=receiver, role="Person in charge", meaning=MEANINGS[Part.PERSON_IN_CHARGE]
            ),
        ),
    )
    return press_report(handed, basis, desk=desk, now=now)


def _arrive(site: DemoSite, at: datetime) -> Visit:
    """Return the visit before anything is answered."""
    return Visit(
        audit="demo-without-a-server",
        kind="inspection",
        demo=True,
        organisation=frozen.Party(name=ORGANISATION),
        site=frozen.Party(name=site.name, address=site.address),
        jurisdiction=site.jurisdiction,
        zone=site.zone,
        services=frozenset(site.services),
        repeats=_repeats(site),
        given={},
        inspector=PEOPLE[1][1],
        person_in_charge=site.in_charge,
        started_at=at,
        present=(site.in_charge,),
        practitioners=tuple(
            _practitioner(place, name, at.date()) for place, name in enumerate(site.practitioners)
        ),
    )


def _repeats(site: DemoSite) -> Repeats:
    named: Mapping[RepeatGroup, tuple[str, ...]] = {
        **ROOMS,
        RepeatGroup.PRACTITIONERS: site.practitioners,
        RepeatGroup.STERILIZERS: ("Autoclave 1",),
    }
    return {
        group: tuple(Subject(id=str(n), label=label) for n, label in enumerate(labels, start=1))
        for group, labels in named.items()
    }


def _practitioner(place: int, name: str, today: date) -> frozen.Practitioner:
    credentials = tuple(
        frozen.Credential(
            kind=kind,
            number=f"DEMO-{place + 1:03}",
            issuer="Made-up Board",
            expires_on=expires_on.isoformat(),
            standing=standing_of(expires_on, on=today),
        )
        for kind, expires_on in made_up_credentials(place, today)
    )
    return frozen.Practitioner(name=name, credentials=credentials)


def _carry_out(visit: Visit, basis: Basis, site: DemoSite) -> tuple[Visit, list[PlainPhoto]]:
    """Answer until nothing is left to ask."""
    dice = Random(site.name)  # noqa: S311 - made-up data, the same each time
    manner = Manner(lapse=site.early, on=visit.started_at.date(), chance=dice)
    taken: list[PlainPhoto] = []
    while still := still_open(ask(visit, basis.checklist), visit.given):
        given, photos = dict(visit.given), dict(visit.photos)
        for one in still:
            raw = respond(one, manner)
            given[one.key] = _read(one, raw)
            if count := photos_due(one, raw):
                drawn = [stand_in(number) for number in dice.sample(range(DRAWN), count)]
                taken.extend(drawn)
                photos[one.key] = tuple(_frozen(photo) for photo in drawn)
        visit = replace(visit, given=given, photos=photos)
    return visit, taken


def _read(one: Asked, raw: Mapping[str, object]) -> Response:
    response = one.item.read(raw)
    if response is None:
        raise ValueError(f"Nothing was made up for {one.item.code}.")
    return response


def _logo(sign: PlainPhoto) -> frozen.Logo:
    digest = sha256(sign.data).hexdigest()
    return frozen.Logo(digest=digest, width=sign.width, height=sign.height)


def _frozen(photo: PlainPhoto) -> frozen.Photo:
    return frozen.Photo(
        digest=sha256(photo.data).hexdigest(),
        width=photo.width,
        height=photo.height,
        caption="Drawn for the demonstration",
    )
