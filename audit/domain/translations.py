"""A checklist's words in another language, as far as it brings them along."""

from collections.abc import Mapping
from dataclasses import dataclass

from audit.domain.checklist import Checklist, Item, ParentItem, Section
from audit.domain.definitions import Language, Translation
from audit.domain.items import ChoiceItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """The words of a checklist; `language` is the one that all of them are in, else its own."""

    language: Language
    title: str
    sections: Mapping[str, Section]
    items: Mapping[str, Item | ParentItem]


def translate(checklist: Checklist, language: Language) -> Translated:
    """Return the words of `checklist` in `language`; what has no translation stays as written."""
    into = _Into(language)
    own = checklist.language.partition("-")[0] == language.partition("-")[0]
    title = into.of(checklist.translations).title
    sections = {one.code: into.section(one) for one in checklist.sections}
    items = {code: into.item(one) for code, one in checklist.items.items()}
    whole = title is not None and not into.missed
    return Translated(
        language=language if whole and not own else checklist.language,
        title=title or checklist.title,
        sections=sections,
        items=items,
    )


class _Into:
    """Puts parts of a checklist into one language, and notes whether anything had no words."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.missed = False

    def of(self, translations: Mapping[Language, Translation]) -> Translation:
        """Return the translation for the language, else the one for all of its regions."""
        plain = self.language.partition("-")[0]
        return translations.get(self.language) or translations.get(plain) or Translation()

    def section(self, section: Section) -> Section:
        title = self.of(section.translations).title
        self.missed |= title is None
        return section.model_copy(update={"title": title or section.title})

    def item(self, item: Item | ParentItem) -> Item | ParentItem:
        said = self.of(item.translations)
        self.missed |= said.prompt is None or (bool(item.order) and said.order is None)
        words: dict[str, object] = {"prompt": said.prompt or item.prompt}
        words["order"] = said.order or item.order
        if isinstance(item, ChoiceItem):
            self.missed |= any(one.code not in said.options for one in item.options)
            words["options"] = tuple(
                one.model_copy(update={"label": said.options.get(one.code, one.label)})
                for one in item.options
            )
        return item.model_copy(update=words)
