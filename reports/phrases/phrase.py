"""A printed text in every language of the reports, side by side so that none can be missing."""

from dataclasses import dataclass

from reports.snapshot import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One text in each language; names in braces are filled in when it is said."""

    en: str
    fr: str
    es: str
    vi: str
    zh: str

    def into(self, language: Language) -> str:
        """Return the text in one language."""
        every: dict[Language, str] = {
            "en": self.en,
            "fr": self.fr,
            "es": self.es,
            "vi": self.vi,
            "zh-Hans": self.zh,
        }
        return every[language]


@dataclass(frozen=True, slots=True)
class Counted:
    """A text that depends on a number: for one, and for any other number."""

    one: Phrase
    many: Phrase
