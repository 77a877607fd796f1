"""How codes, days and times are said on pages."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from audit.domain.credentials import CredentialStanding, standing_of
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.places import place_name
from audit.domain.sterilizers import SterilizerKind
from audit.store.people import Role
from reports.words import ENGLISH as REPORTED

SERVICES: Mapping[str, str] = {
    Service.FACIALS: "Facials",
    Service.EXTRACTION: "Extraction",
    Service.LANCET: "Lancets",
    Service.CHEMICAL_PEELS: "Chemical peels",
    Service.MICRODERMABRASION: "Microdermabrasion",
    Service.MICRONEEDLING: "Microneedling",
    Service.ELECTROLYSIS: "Electrolysis",
    Service.WAXING: "Waxing",
    Service.LASHES_AND_BROWS: "Lashes and brows",
    Service.PERMANENT_MAKEUP: "Permanent make-up",
    Service.PIERCING: "Piercing",
    Service.INJECTIONS: "Injections",
    Service.MASSAGE: "Massage",
    Service.NAILS: "Nails",
}
STERILIZERS: Mapping[str, str] = {
    SterilizerKind.GRAVITY: "Steam, gravity displacement",
    SterilizerKind.PREVACUUM: "Steam, pre-vacuum",
    SterilizerKind.N: "Small steam, class N",
    SterilizerKind.B: "Small steam, class B",
    SterilizerKind.S: "Small steam, class S",
    SterilizerKind.DRY_HEAT: "Dry heat",
}
# The languages of reports, each in English and as its readers call it.
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "French (français)",
    "es": "Spanish (español)",
    "vi": "Vietnamese (Tiếng Việt)",
    "zh-Hans": "Chinese, simplified (简体中文)",
}
ROLES: Mapping[str, str] = {
    Role.ADMINISTRATOR: "Administrator",
    Role.MANAGER: "Manager",
    Role.INSPECTOR: "Inspector",
    Role.OWNER: "Owner",
    Role.AUDITOR: "Auditor",
}
# What each role does here, after its name.
ROLES_DO: Mapping[str, str] = {
    Role.ADMINISTRATOR: "looks after people, sites and practitioners, and does no audits",
    Role.MANAGER: "does and reviews audits, looks after sites and practitioners",
    Role.INSPECTOR: "does audits",
    Role.OWNER: "may do everything",
    Role.AUDITOR: "looks at everything and changes nothing",
}
# What the journal calls an act on an audit.
ACTS: Mapping[str, str] = {
    "plan_audit": "Planned",
    "move_plan": "Moved to another day",
    "drop_plan": "Dropped",
    "start_audit": "Begun",
    "name_subjects": "Named what is looked at",
    "record_responses": "Responded",
    "take_changes": "Sent from a tablet",
    "add_photo": "Added a photo",
    "remove_photo": "Took a photo away",
    "settle_conflict": "Chose between two responses",
    "take_over_work": "Took over work that waited",
    "leave_out_work": "Left out work that waited",
    "keep_start": "Kept how it began on a tablet",
    "keep_photo_aside": "Kept a photo aside",
    "keep_late_signatures": "Kept signatures that came late",
    "complete_audit": "Completed: the responses are closed",
    "hand_in": "Handed in from a tablet",
    "sign_audit": "Signed",
    "refuse_signature": "Refused to sign",
    "issue_report": "Made the report",
    "stamp_report": "Had the report time-stamped",
    "hand_out_report": "Took the report along",
    "extract_report": "Took a part of the report along",
    "begin_correction": "Began a correction",
    "discard_correction": "Discarded the correction",
    "withdraw_report": "Withdrew the report",
}
REPEATS: Mapping[str, str] = {
    RepeatGroup.PRACTITIONERS: "once per practitioner",
    RepeatGroup.ROOMS: "once per room",
    RepeatGroup.STATIONS: "once per station",
    RepeatGroup.STERILIZERS: "once per sterilizer",
    RepeatGroup.PRODUCTS: "once per product",
    RepeatGroup.LOADS: "once per load",
}
SUBJECTS: Mapping[str, tuple[str, str]] = {
    RepeatGroup.PRACTITIONERS: ("The practitioners", "Who works today: one name on each line."),
    RepeatGroup.ROOMS: ("The rooms", "One room on each line, as its door says: Room 1, Blue room."),
    RepeatGroup.STATIONS: ("The stations", "One on each line, as people call them: By the window."),
    RepeatGroup.STERILIZERS: ("The sterilizers", "One on each line, by maker or place."),
    RepeatGroup.PRODUCTS: ("The products", "One on each line, as the label says."),
    RepeatGroup.LOADS: ("The loads", "The loads you take from the log, one number on each line."),
}
# The tone chooses shape and colour of the badge; the word says it.
STANDINGS: Mapping[CredentialStanding, tuple[str, str]] = {
    "valid": ("good", "Valid"),
    "expires_soon": ("warn", "Expires soon"),
    "expired": ("bad", "Expired"),
    "no_expiry": ("good", "No expiry"),
}
SEVERITIES: Mapping[str, tuple[str, str]] = {
    "critical": ("bad", "Critical"),
    "major": ("warn", "Major"),
    "minor": ("plain", "Minor"),
}
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "pass": ("good", "Pass"),
    "pass_with_conditions": ("warn", "Pass with conditions"),
    "fail": ("bad", "Fail"),
    "closed": ("bad", "Closed"),
}
AUDIT_STATES: Mapping[str, tuple[str, str]] = {
    "planned": ("plain", "Planned"),
    "in_progress": ("active", "In progress"),
    "completed": ("active", "Ready to sign"),
    "signed": ("active", "Ready to report"),
    "reported": ("good", "Reported"),
    "amended": ("plain", "Amended"),
    "withdrawn": ("plain", "Withdrawn"),
}
REPORT_STATES: Mapping[str, tuple[str, str]] = {
    "current": ("good", "Current"),
    "superseded": ("warn", "Superseded"),
    "withdrawn": ("bad", "Withdrawn"),
}
# Why work from a tablet waits for a manager.
LOOKS: Mapping[str, tuple[str, str]] = {
    "locked": ("plain", "Came after completion"),
    "quarantined": ("warn", "Its author may not record"),
    "refused": ("bad", "Cannot be read"),
    "conflict": ("active", "Two responses"),
}
# What became of work from a tablet.
RESCUED: Mapping[str, str] = {
    "applied": "Taken in",
    "merged": "Taken in, the same was here already",
    "duplicate": "Known already",
    "conflict": "Waiting for a choice between two responses",
    "refused": "Kept, but cannot be read",
    "locked": "Kept for a manager, the audit is completed",
    "quarantined": "Kept for a manager, its author may not record",
    "done": "Taken in",
    "settled": "Settled",
    "taken_over": "Taken over",
    "left_out": "Left out",
}
AUDIT_KINDS: Mapping[str, str] = {"self_audit": "Self-audit", "inspection": "Inspection"}
PHOTO_SIZES: Mapping[str, str] = {"small": "Small, several across", "large": "Large, one across"}


def day(value: date) -> str:
    """Return a day as every reader understands it: 3 Dec 2026."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime, zone: str = "UTC") -> str:
    """Return a time as the clock at the site showed it, with its zone."""
    there = value.astimezone(ZoneInfo(zone))
    return f"{day(there)}, {there:%H:%M %Z}"


def credential_badge(expires_on: date | None, on: date) -> tuple[str, str]:
    """Return tone and word for a credential on the day `on`."""
    return STANDINGS[standing_of(expires_on, on=on)]


def speak(app: Flask) -> None:
    """Let the templates of `app` say things in these words."""
    app.jinja_env.filters.update(day=day, moment=moment, place=place_name)
    app.jinja_env.filters.update(written_day=REPORTED.day, written_moment=REPORTED.moment)
    app.jinja_env.globals.update(
        SERVICES=SERVICES,
        STERILIZERS=STERILIZERS,
        ROLES=ROLES,
        ROLES_DO=ROLES_DO,
        LANGUAGES=LANGUAGES,
        REPEATS=REPEATS,
        SUBJECTS=SUBJECTS,
        SEVERITIES=SEVERITIES,
        OUTCOMES=OUTCOMES,
        RESCUED=RESCUED,
        LOOKS=LOOKS,
        AUDIT_STATES=AUDIT_STATES,
        AUDIT_KINDS=AUDIT_KINDS,
        REPORT_STATES=REPORT_STATES,
        credential_badge=credential_badge,
    )
