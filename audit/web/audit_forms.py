"""The hand-written forms around an audit: starting it, naming what is repeated, signing it."""

import json
from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in its stubs

from audit.errors import Invalid

MOST_STROKES = 200
MOST_POINTS = 8000
WIDEST = 1000


class StartForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What starts an audit; the choices are set by the page."""

    site = RadioField("Which site?", validate_choice=False)
    checklist = RadioField("What do you want to look at?", validate_choice=False)
    kind = RadioField("What kind of audit is it?", validate_choice=False)
    person_in_charge = StringField("Who is in charge there today?")
    present = StringField("Who else is there?")
    when = RadioField(
        "When?",
        choices=[SelectChoice("now", "Now"), SelectChoice("day", "On a day")],
        default="now",
        validate_choice=False,
    )
    day = StringField("Which day?")

    def missing(self) -> dict[str, str]:
        """Return what to choose, by field, where nothing on offer was chosen."""
        asked_for = {
            "site": "Choose a site.",
            "checklist": "Choose what to look at.",
            "kind": "Choose what kind of audit it is.",
            "when": "Choose now, or a day.",
        }
        known = {name: {one.value for one in self[name].iter_choices()} for name in asked_for}
        return {
            name: words for name, words in asked_for.items() if self[name].data not in known[name]
        }


class DayForm(FlaskForm):  # type: ignore[misc]  # as above
    """The day a planned audit is planned for."""

    day = StringField("Another day")


class SubjectsForm(FlaskForm):  # type: ignore[misc]  # as above
    """The rooms, loads and so on that an audit looks at, one a line; `shown` is as they stood."""

    labels = TextAreaField("One on each line")
    none = BooleanField("There are none here")
    shown = HiddenField()


class SignForm(FlaskForm):  # type: ignore[misc]  # as above
    """A signature: drawn lines as JSON, or the typed name alone; `part` is whose it is."""

    name = StringField("Your name")
    role = StringField("Your role")
    credential = StringField("Licence or badge number, if you have one")
    comment = TextAreaField("Comment")
    refused = BooleanField("I refuse to sign")
    reason = StringField("Why you refuse")
    strokes = HiddenField()
    password = PasswordField("Your password")
    part = HiddenField()

    def drawn(self) -> tuple[tuple[int, ...], ...]:
        """Return the drawn lines as x, y pairs in thousandths of the box's width."""
        if not self.strokes.data:
            return ()
        try:
            return tuple(_stroke(line) for line in json.loads(self.strokes.data)[:MOST_STROKES])
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            words = "The drawing could not be read. Clear it and sign again."
            raise Invalid(words, code="bad_strokes", places={"strokes": words}) from error


class CorrectForm(FlaskForm):  # type: ignore[misc]  # as above
    """What is wrong with a report."""

    reason = TextAreaField("What is wrong with it?")


class WithdrawForm(FlaskForm):  # type: ignore[misc]  # as above
    """Why a report no longer stands, and that it is really them."""

    reason = TextAreaField("Why it no longer stands")
    password = PasswordField("Your password")


def _stroke(line: Iterable[object]) -> tuple[int, ...]:
    points = tuple(int(str(number)) for number in line)
    if len(points) % 2 or len(points) > MOST_POINTS:
        raise ValueError("points come in pairs")
    if any(not -WIDEST <= number <= 2 * WIDEST for number in points):
        raise ValueError("points lie in the box")
    return points
