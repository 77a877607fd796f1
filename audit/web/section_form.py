"""From the items a page asks to a WTForms form, and from what was sent back to raw responses.

A field is named by the response's key; what stands beside it has the key and a dot before it:
"glove_worn", "glove_worn.comment". The item judges what was typed, here only held and shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in its stubs

from audit.domain.checklist import Asked, ParentItem
from audit.domain.definitions import Method, NaPolicy, Need
from audit.domain.items import ComplianceItem, ItemBase, Part
from audit.domain.responses import Given, Response

LONGEST_NUMBER = 10
ABSENCES = (("na", "Not applicable"), ("not_observed", "Not observed"))
METHODS = {
    Method.OBSERVED: "Watched",
    Method.RECORD: "Read in a record",
    Method.INTERVIEW: "Asked someone",
    Method.MEASURED: "Measured",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One asked item with its fields; a parent has none. `error` is what to mend."""

    asked: Asked
    parts: tuple[tuple[Part, Field], ...] = ()
    beside: Mapping[str, Field]
    given: Response | None
    error: str = ""

    def tone(self, value: str) -> Literal["good", "bad", "none", "plain"]:
        """Return how choosing `value` looks: meeting the requirement, failing it, or neither."""
        item = self.asked.item
        if not isinstance(item, ComplianceItem):
            return "plain"
        if value not in ("yes", "no"):
            return "none"
        return "good" if value == item.met_when else "bad"

    @property
    def wants_note(self) -> bool:
        """Whether comment and photo stand open: something is in there, or is asked for."""
        rule = self.asked.item.evidence
        filled = "comment" in self.beside and self.beside["comment"].data
        chosen = self.parts[0][1].data if self.parts else None
        failed = isinstance(chosen, str) and self.tone(chosen) == "bad"
        return bool(filled or failed or Need.REQUIRED in (rule.photo, rule.comment))

    @property
    def kept(self) -> str:
        """The response kept until now, in words; empty where there is none."""
        if self.given is None or isinstance(self.asked.item, ParentItem):
            return ""
        absence = dict(ABSENCES).get(self.given.absent or "", "")
        return absence or self.asked.item.say(self.given.parts)


class SectionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The base of the generated forms; its own fields are the token and the revision."""

    revision = StringField()


def revision_of(form: FlaskForm) -> int:
    """Return the revision a form stands on; without a readable one, it stands on the first."""
    typed = form.revision.data or ""
    return int(typed) if typed.isdecimal() and len(typed) < LONGEST_NUMBER else 0


def section_form(every: Iterable[Asked]) -> type[SectionForm]:
    """Return the form class that asks `every` item."""
    fields: dict[str, Any] = {}
    for one in every:
        if not isinstance(one.item, ParentItem) and one.item.answerable:
            for part in one.item.parts_of:
                fields[name_of(one.key, part.name)] = field_for(part, one.item)
            fields.update(_fields_beside(one))
    return type("AskedForm", (SectionForm,), fields)


def name_of(key: str, part: str) -> str:
    """Return the name of a field: the key itself for the response proper."""
    return key if part == "value" else f"{key}.{part}"


def field_for(part: Part, item: ItemBase) -> Any:
    """Return the field for one input of an item; a new sort of part must be learnt here."""
    match part.sort:
        case "choice":
            absences = _absences(item) if isinstance(item, ComplianceItem) else []
            choices = [*_offered(part.options), *absences]
            return RadioField(part.label, choices=choices, validate_choice=False)
        case "choices":
            return SelectMultipleField(
                part.label, choices=_offered(part.options), validate_choice=False
            )
        case "long":
            return TextAreaField(part.label)
        case "text" | "number" | "count" | "date" | "moment":
            return StringField(part.label)
        case _:
            assert_never(part.sort)


def _offered(options: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(code, words) for code, words in options]


def _absences(item: ItemBase) -> list[SelectChoice]:
    forbidden = "na" if item.na is NaPolicy.FORBIDDEN else ""
    return _offered(one for one in ABSENCES if one[0] != forbidden)


def _fields_beside(one: Asked) -> dict[str, Any]:
    item = one.item
    methods = [("", "Not said"), *((method.value, METHODS[method]) for method in item.methods)]
    found: dict[str, Any] = {
        "reason": StringField("Why"),
        "comment": TextAreaField("Comment"),
        "method": SelectField("How do you know?", choices=_offered(methods), validate_choice=False),
        "corrected": BooleanField("Put right during the visit"),
    }
    if not isinstance(item, ComplianceItem):
        absences = [SelectChoice("", "Or choose …"), *_absences(item)]
        found["absent"] = SelectField(
            "If there is nothing to respond", choices=absences, validate_choice=False
        )
    if item.evidence.comment is Need.OFF:
        del found["comment"]
    return {f"{one.key}.{name}": field for name, field in found.items()}


def shown(every: Iterable[Asked], given: Given) -> dict[str, Any]:
    """Return the data that fills a form with the responses kept so far."""
    data: dict[str, Any] = {}
    for one in every:
        response = given.get(one.key)
        if response is None:
            continue
        for name, kept in response.stored().items():
            data[name_of(one.key, name)] = kept
        if response.absent and isinstance(one.item, ComplianceItem):
            data[one.key] = response.absent.value
        for part in one.item.parts_of:
            if part.sort == "choices":
                data[name_of(one.key, part.name)] = response.parts.get(part.name, "").split()
    return data


def raw_responses(form: SectionForm, every: Iterable[Asked]) -> dict[str, dict[str, object]]:
    """Return what was sent, by response key and part, as the service reads it."""
    return {
        row.asked.key: {
            **{part.name: field.data for part, field in row.parts},
            **{name: field.data for name, field in row.beside.items()},
        }
        for row in rows(form, every, {})
        if row.parts
    }


def rows(
    form: SectionForm, every: Iterable[Asked], given: Given, places: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """Yield each item with its fields, and with what `places` says is to be mended."""
    for one in every:
        item = one.item
        parts = () if isinstance(item, ParentItem) or not item.answerable else item.parts_of
        names = ("absent", "reason", "comment", "method", "corrected")
        beside = {name: form[f"{one.key}.{name}"] for name in names if f"{one.key}.{name}" in form}
        yield Row(
            asked=one,
            parts=tuple((part, form[name_of(one.key, part.name)]) for part in parts),
            beside=beside,
            given=given.get(one.key),
            error=(places or {}).get(one.key, ""),
        )
