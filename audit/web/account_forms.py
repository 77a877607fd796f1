"""The forms about people and their accounts."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in its stubs

from audit.store.people import Membership, Role
from audit.store.sites import Site
from audit.web.forms import told_apart
from audit.web.words import ROLES, ROLES_DO

# What most are asked to be comes first.
_OFFERED = (Role.INSPECTOR, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.OWNER)


class AgainForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Asks who is signed in for their password once more."""

    password = PasswordField("Your password")


class MemberForm(AgainForm):
    """What somebody is here; the sites are set by the page."""

    role = SelectField(
        "They are here as",
        choices=[SelectChoice(code, f"{ROLES[code]}: {ROLES_DO[code]}") for code in _OFFERED],
        default=Role.INSPECTOR.value,
        validate_choice=False,
    )
    sites = SelectMultipleField("Only at these sites", choices=[], validate_choice=False)
    until = StringField("Last day here")
    password = PasswordField("Your password")

    def show(self, membership: Membership) -> None:
        """Begin with what somebody is."""
        self.role.data = membership.role.value
        self.sites.data = list(membership.sites or ())
        self.until.data = membership.until.isoformat() if membership.until else ""

    def offer(self, sites: Iterable[Site]) -> None:
        """Let sites be chosen."""
        self.sites.choices = [SelectChoice(code, name) for code, name in told_apart(sites).items()]


class InviteForm(MemberForm):
    """Whom to invite, and as what."""

    for_whom = StringField("Who is it for?")


class JoinForm(FlaskForm):  # type: ignore[misc]  # as above
    """A new account."""

    name = StringField("Your name")
    email = StringField("Your email address")
    password = PasswordField("A password")


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # as above
    """A new password by a link."""

    password = PasswordField("A new password")


class OwnPasswordForm(FlaskForm):  # type: ignore[misc]  # as above
    """A new password by the old one."""

    password = PasswordField("Your password as it is")
    fresh = PasswordField("A new password")
