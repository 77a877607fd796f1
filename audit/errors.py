"""The four refusals: everything else that goes wrong is a bug."""

from collections.abc import Mapping


class Refusal(Exception):  # noqa: N818 - a refusal is an outcome, not an error of ours
    """Something was not done; `message` says so to the person who asked, `code` to programs."""

    def __init__(self, message: str, *, code: str, places: Mapping[str, str] | None = None) -> None:
        """Keep `places`: what to mend, by field or file and line."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.places = dict(places or {})


class Invalid(Refusal):
    """What was given cannot be used as it is."""


class NotAllowed(Refusal):
    """This person may not do this."""


class NotFound(Refusal):
    """There is no such thing, or it belongs to someone else: both read the same."""


class Conflict(Refusal):
    """It was right once; something has changed, or is not ready yet."""
