"""From one visit and what it was held against to the record that people sign.

Nothing here knows of a database: the server and `report make` go the same way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from audit.domain.catalogue import Catalogue
from audit.domain.checklist import Asked, Checklist, Repeats, asked, situation
from audit.domain.definitions import Cite, Clause, Edition, Service
from audit.domain.facts import Facts, cite
from audit.domain.findings import Raised, raise_findings
from audit.domain.packs import Deadlines, OutcomeRule, Pack
from audit.domain.record_items import CycleItem
from audit.domain.responses import Given, Response, Standing
from audit.domain.scoring import Line, Rate, Score, percent, score, shown
from audit.errors import Conflict
from audit.services.telling import Telling, insist_printable
from reports import snapshot as frozen

_ELSEWHERE = ("INT",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What an audit is held against: the assembled checklist, its editions, its pack, the facts."""

    checklist: Checklist
    editions: tuple[Checklist, ...]
    pack: Pack | None
    facts: Facts

    def cite(self, cites: Iterable[Cite]) -> tuple[frozen.Clause, ...]:
        """Return clauses as printed: law only where it binds the place of the audit."""
        places = self.pack.jurisdictions if self.pack else _ELSEWHERE
        return tuple(_clause(c.fact, c.clause) for c in cite(cites, self.facts, places))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything about one visit that a record needs, whoever kept it."""

    audit: str
    kind: Literal["self_audit", "inspection"]
    demo: bool
    organisation: frozen.Party
    site: frozen.Party
    jurisdiction: str
    zone: str
    services: frozenset[Service]
    repeats: Repeats
    given: Given
    inspector: str
    person_in_charge: str
    started_at: datetime
    present: tuple[str, ...] = ()
    photos: Mapping[str, tuple[frozen.Photo, ...]] = field(default_factory=dict)
    practitioners: tuple[frozen.Practitioner, ...] = ()
    # Of the report; pages stay in English.
    language: frozen.Language = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a visit comes to: every asked item, the score, the findings."""

    every: tuple[Asked, ...]
    score: Score
    findings: tuple[Raised, ...]


def find_basis(
    catalogue: Catalogue, *, code: str, version: int, pack: tuple[str, int] | None
) -> Basis:
    """Return the basis of an audit by `code` and `version` under `pack`; NotFound otherwise."""
    return Basis(
        checklist=catalogue.get(code, version, pack),
        editions=catalogue.editions(code, version),
        pack=catalogue.pack(*pack) if pack else None,
        facts=catalogue.facts,
    )


def ask(visit: Visit, checklist: Checklist) -> tuple[Asked, ...]:
    """Return what this visit is asked, given what was answered so far."""
    known = situation(visit.services, visit.repeats, visit.given)
    return asked(checklist, known, visit.repeats)


def judge(visit: Visit, basis: Basis, *, now: datetime) -> Judgement:
    """Score the visit and raise its findings as of `now`, by the day at the site."""
    every = ask(visit, basis.checklist)
    today = now.astimezone(ZoneInfo(visit.zone)).date()
    rule = basis.pack.outcome if basis.pack else OutcomeRule()
    deadlines = basis.pack.deadlines if basis.pack else Deadlines()
    result = score(every, visit.given, on=today, rule=rule)
    return Judgement(
        every=every, score=result, findings=raise_findings(result, deadlines, on=today)
    )


def make_record(
    visit: Visit, basis: Basis, judgement: Judgement, *, now: datetime
) -> frozen.Record:
    """Freeze what was found; `now` is when the responses were closed.

    Conflict where nothing was judged: such a report would read like a clean one. Invalid where the
    checklist is in a language that cannot be printed.
    """
    if not judgement.score.judged:
        words = "Nothing was judged: at least one item needs a yes, a no or a reading."
        raise Conflict(words, code="nothing_judged")
    tell = Telling(basis.checklist, visit.language)
    insist_printable(tell.translated.language)
    return frozen.Record(
        language=tell.translated.language,
        printed_in=visit.language,
        demo=visit.demo,
        audit=visit.audit,
        kind=visit.kind,
        organisation=visit.organisation,
        site=visit.site,
        services=tell.services(visit.services),
        jurisdiction=basis.pack.title if basis.pack else visit.jurisdiction,
        checklist=_edition(basis.checklist, tell.translated.title),
        editions=tuple(_edition(one, tell.title(one)) for one in basis.editions),
        pack=_edition(basis.pack, basis.pack.title) if basis.pack else None,
        inspector=visit.inspector,
        person_in_charge=visit.person_in_charge,
        present=visit.present,
        started_at=local(visit.started_at, visit.zone),
        completed_at=local(now, visit.zone),
        zone=visit.zone,
        scoring=_scoring(judgement.score, tell),
        findings=tuple(_finding(one, visit, basis, tell) for one in judgement.findings),
        sections=tuple(_sections(visit, basis, judgement.score, tell)),
        rates=tuple(_rate(rate, tell) for rate in judgement.score.rates if rate.opportunities),
        practitioners=visit.practitioners,
        cycles=tuple(_cycles(judgement.score, tell)),
        not_seen=tuple(_not_seen(visit, judgement.score, tell)),
    )


def local(moment: datetime, zone: str) -> str:
    """Return `moment` as the clock at the site showed it, with its offset, to the second."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def _edition(published: Edition, title: str) -> frozen.Edition:
    return frozen.Edition(
        code=published.code,
        version=published.version,
        title=title,
        digest=published.digest,
    )


def _clause(fact: str, clause: Clause) -> frozen.Clause:
    return frozen.Clause(
        fact=fact,
        law=clause.law,
        publisher=clause.publisher,
        title=clause.title,
        clause=clause.clause,
        year=str(clause.year or ""),
        url=clause.url,
        checked=clause.checked,
    )


def _scoring(result: Score, tell: Telling) -> frozen.Scoring:
    total = result.total
    return frozen.Scoring(
        outcome=result.outcome.value,
        because=tell.because(result.why),
        earned=shown(total.earned),
        possible=shown(total.possible),
        percent=percent(total.percent),
        best=percent(total.best),
        worst=percent(total.worst),
        excluded=tuple(_name(line.asked) for line in result.lines if line.excluded),
    )


def _name(one: Asked) -> str:
    return f"{one.number} ({one.about})" if one.about else one.number


def _finding(raised: Raised, visit: Visit, basis: Basis, tell: Telling) -> frozen.Finding:
    line, item = raised.line, tell.item(raised.line.asked)
    return frozen.Finding(
        number=line.asked.number,
        prompt=item.prompt,
        about=line.asked.about,
        severity=raised.severity.value,
        corrected=raised.corrected,
        response=tell.response(line),
        comment=line.response.comment if line.response else "",
        order=item.order,
        due_on=raised.due_on.isoformat() if raised.due_on else None,
        body_class=item.body_class,
        fine=str(item.fine or ""),
        clauses=basis.cite(item.clauses),
        photos=visit.photos.get(line.asked.key, ()),
    )


def _sections(visit: Visit, basis: Basis, result: Score, tell: Telling) -> Iterable[frozen.Section]:
    for number, section in enumerate(basis.checklist.sections, start=1):
        lines = tuple(
            _line(line, visit, basis, tell)
            for line in result.lines
            if line.asked.section.code == section.code and line.asked.item.kind != "instruction"
        )
        if lines:
            points = result.section(section.code)
            yield frozen.Section(
                code=section.code,
                number=str(number),
                title=tell.translated.sections[section.code].title,
                lines=lines,
                earned=shown(points.earned),
                possible=shown(points.possible),
                percent=percent(points.percent),
                clauses=basis.cite(section.clauses),
            )


def _line(line: Line, visit: Visit, basis: Basis, tell: Telling) -> frozen.Line:
    one, response = line.asked, line.response or Response()
    judged = line.standing is not Standing.UNSCORED
    return frozen.Line(
        code=one.item.code,
        number=one.number,
        prompt=tell.item(one).prompt,
        about=one.about,
        response=tell.response(line),
        standing=line.standing.value,
        severity=one.item.severity.value if judged else None,
        limit=tell.requirement(one.item),
        method=response.method.value if response.method else "",
        comment=response.comment,
        reason=response.reason,
        earned=shown(line.earned),
        possible=shown(line.possible),
        clauses=basis.cite(one.item.clauses),
        photos=visit.photos.get(one.key, ()),
    )


def _rate(rate: Rate, tell: Telling) -> frozen.Rate:
    one = rate.line.asked
    low, high = rate.interval or (None, None)
    share = Fraction(100 * rate.done, rate.opportunities)
    return frozen.Rate(
        number=one.number,
        label=" · ".join(filter(None, (tell.item(one).prompt, one.about))),
        done=rate.done,
        opportunities=rate.opportunities,
        percent=percent(share),
        low=str(low) if low is not None else None,
        high=str(high) if high is not None else None,
    )


def _cycles(result: Score, tell: Telling) -> Iterable[frozen.Cycle]:
    for line in result.lines:
        item, response = line.asked.item, line.response
        if isinstance(item, CycleItem) and response and not response.absent:
            parts = response.parts
            yield frozen.Cycle(
                number=line.asked.number,
                sterilizer=line.asked.about,
                cycle=parts["number"],
                started_at=parts["started_at"],
                celsius=parts["celsius"],
                minutes=parts["minutes"],
                minimum=tell.requirement(item),
                met=line.standing is Standing.MET,
                points=tuple(_point(row) for row in parts.get("points", "").splitlines()),
            )


def _point(row: str) -> frozen.CyclePoint:
    second, celsius, *pressure = row.split(";")
    return frozen.CyclePoint(
        second=int(second), celsius=celsius, kilopascal=pressure[0] if pressure else None
    )


def _not_seen(visit: Visit, result: Score, tell: Telling) -> Iterable[str]:
    for line in result.lines:
        if line.standing is Standing.NOT_OBSERVED and line.response:
            named = f"{_name(line.asked)} {tell.item(line.asked).prompt}"
            yield tell.words.aside(named, line.response.reason)
    sections = tell.checklist.sections
    groups = dict.fromkeys(s.repeat_over for s in sections if s.repeat_over)
    for group in groups:
        if not visit.repeats.get(group):
            yield tell.unseen(group)
