"""The hand-written forms: they hold and show again what was typed; the services decide."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in its stubs

from audit.domain.places import PLACES, known_zones, offered_zones
from audit.errors import Invalid
from audit.store.sites import Site
from audit.web.words import LANGUAGES, PHOTO_SIZES, SERVICES, STERILIZERS

Value = TypeVar("Value")


def _options(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(code, said) for code, said in words.items()]


def _places() -> list[SelectChoice]:
    """Return the places grouped by country; countries without states stand together."""
    found = [SelectChoice("", "Choose a place")]
    for place in PLACES:
        group = "Other countries" if place.name == place.country else place.country
        found.append(SelectChoice(place.code, place.name, optgroup=group))
    return found


def _zone_choice(zone: str) -> SelectChoice:
    region, _, city = zone.partition("/")
    said = ", ".join(reversed((city or zone).replace("_", " ").split("/")))
    return SelectChoice(zone, said, optgroup=region)


def _zones() -> list[SelectChoice]:
    found = [_zone_choice(zone) for zone in offered_zones()]
    found.sort(key=lambda one: (one.optgroup == "UTC", one.optgroup, one.label))
    return [SelectChoice("", "The usual one there"), *found]


class _ZoneField(SelectField):
    """Offers a kept zone too that is no longer offered, so that saving does not change it."""

    def process_data(self, value: object) -> None:
        super().process_data(value)
        if value in known_zones() and value not in offered_zones():
            self.choices = [*_zones(), _zone_choice(str(value))]


def _place_field(label: str) -> SelectField:
    return SelectField(label, choices=_places(), validate_choice=False)


def _zone_field() -> _ZoneField:
    return _ZoneField("Time zone", choices=_zones(), validate_choice=False)


def _services_field(label: str) -> SelectMultipleField:
    return SelectMultipleField(label, choices=_options(SERVICES), validate_choice=False)


def told_apart(sites: Iterable[Site]) -> dict[str, str]:
    """Return how each site is called by its id, with the address where a name stands twice."""
    found = list(sites)
    names = Counter(site.name for site in found)
    return {
        str(one.id): f"{one.name}, {one.address}" if names[one.name] > 1 else one.name
        for one in found
    }


class SetupForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What the first-run page asks."""

    business = StringField("Name of the business")
    place = _place_field("Where is it?")
    address = StringField("Address")
    zone = _zone_field()
    services = _services_field("What services do you offer?")
    name = StringField("Your name")
    email = StringField("Your email address")
    password = PasswordField("A password")


class SignInForm(FlaskForm):  # type: ignore[misc]  # as above
    """Email and password, and where to go then."""

    email = StringField("Email address")
    password = PasswordField("Password")
    next = HiddenField()


class SiteForm(FlaskForm):  # type: ignore[misc]  # as above
    """A site."""

    name = StringField("Name of the site")
    address = StringField("Address")
    jurisdiction = _place_field("Where is it?")
    zone = _zone_field()
    services = _services_field("Services offered here")
    language = SelectField(
        "Language of reports", choices=_options(LANGUAGES), default="en", validate_choice=False
    )
    active = BooleanField("In use", default=True)


class SterilizerForm(FlaskForm):  # type: ignore[misc]  # as above
    """A sterilizer of a site."""

    name = StringField("What do you call it?")
    kind = SelectField(
        "Kind", choices=_options({"": "Choose a kind", **STERILIZERS}), validate_choice=False
    )
    maker = StringField("Maker")
    model = StringField("Model")
    serial = StringField("Serial number")
    in_use = BooleanField("In use", default=True)


class BrandingForm(FlaskForm):  # type: ignore[misc]  # as above
    """How reports look; the logo travels beside it."""

    no_logo = BooleanField("Take the logo away")
    own_colour = BooleanField("Print in a colour of your own")
    accent = StringField("Colour", default="#124A5E")
    address = StringField("Address")
    phone = StringField("Telephone")
    email = StringField("Email address")
    web = StringField("Website")
    photos = SelectField(
        "Photos", choices=_options(PHOTO_SIZES), default="small", validate_choice=False
    )


class PractitionerForm(FlaskForm):  # type: ignore[misc]  # as above
    """Someone who treats clients; the sites are set by the page."""

    name = StringField("Name")
    title = StringField("Role")
    site = SelectField("Site", choices=[], validate_choice=False)
    active = BooleanField("Works here", default=True)

    def offer(self, sites: Iterable[Site]) -> None:
        """Let a site be chosen."""
        named = told_apart(sites)
        first = {} if len(named) == 1 else {"": "Choose a site"}
        self.site.choices = _options(first | named)


class CredentialForm(FlaskForm):  # type: ignore[misc]  # as above
    """A licence or certificate; a day that is no day is kept as typed, and refused in words."""

    kind = StringField("What is it?")
    number = StringField("Number")
    issuer = StringField("Issued by")
    expires_on = StringField("Expires on")


class ReasonForm(FlaskForm):  # type: ignore[misc]  # as above
    """Why someone decides so."""

    reason = StringField("Why you decide so")


def submit(form: FlaskForm, act: Callable[[], Value]) -> tuple[Value | None, Mapping[str, str]]:
    """Do `act` when the form was sent; return what it gave, or what to mend by field."""
    if not form.is_submitted():
        return None, {}
    try:
        return act(), {}
    except Invalid as refusal:
        places = refusal.places or {next(iter(form.data)): refusal.message}
        # Read from the top of the page, as its fields stand.
        order = list(form.data)
        return None, dict(
            sorted(places.items(), key=lambda one: order.index(one[0]) if one[0] in order else -1)
        )


def text(form: FlaskForm, names: Iterable[str]) -> Mapping[str, str]:
    """Return what was typed into the fields called `names`, nothing as empty text."""
    return {name: form[name].data or "" for name in names}
