"""A checklist's own words in another language."""

from audit.domain.checklist import Checklist
from audit.domain.packs import apply_pack
from audit.domain.translations import translate
from tests.domain.samples import checklist, pack, part, plain

SECTION = {"fr": {"title": "Les gants"}}
ITEM = {"fr": {"prompt": "Porte-t-on des gants ?", "order": "Portez des gants."}}
TITLE = {"fr": {"title": "Gants"}}


def french(**more: object) -> Checklist:
    worn = plain(order="Wear gloves.", translations=ITEM, **more)
    return checklist(part(worn, translations=SECTION), translations=TITLE)


def test_a_checklist_says_what_it_has_in_the_language() -> None:
    said = translate(french(), "fr")

    assert (said.language, said.title) == ("fr", "Gants")
    assert said.sections["gloves"].title == "Les gants"
    assert said.items["gloves_worn"].prompt == "Porte-t-on des gants ?"
    assert said.items["gloves_worn"].order == "Portez des gants."


def test_words_of_one_region_fall_back_to_those_of_all() -> None:
    assert translate(french(), "fr-CA").items["gloves_worn"].prompt == "Porte-t-on des gants ?"


def test_what_has_no_translation_stays_as_written_and_is_named() -> None:
    other = plain("gloves_changed")
    made = checklist(part(plain(translations=ITEM), other, translations=SECTION))

    said = translate(made, "fr")

    assert (said.language, said.title) == ("en", "Gloves")
    assert said.items["gloves_worn"].prompt == "Porte-t-on des gants ?"
    assert said.items["gloves_changed"].prompt == "Are gloves worn?"


def test_the_language_it_is_written_in_needs_no_translation() -> None:
    said = translate(checklist(language="fr-CA"), "fr")

    assert said.language == "fr-CA"
    assert said.items["gloves_worn"].prompt == "Are gloves worn?"


def test_options_are_said_in_the_language() -> None:
    options = {"good": "Bons", "fair": "Passables", "poor": "Mauvais"}
    whole = {"fr": {"prompt": "Lesquels ?", "options": options}}
    half = {"fr": {"prompt": "Lesquels ?", "options": {"good": "Bons"}}}
    made = checklist(
        part(
            plain("whole", "choice", translations=whole),
            plain("half", "choice", translations=half),
            translations=SECTION,
        ),
        translations=TITLE,
    )

    said = translate(made, "fr")

    labels = {
        code: [label for _, label in item.parts_of[0].options] for code, item in said.items.items()
    }
    assert labels == {"whole": ["Bons", "Passables", "Mauvais"], "half": ["Bons", "Fair", "Poor"]}
    assert said.language == "en"


def test_an_order_of_the_place_is_not_said_as_it_was_before() -> None:
    place = pack(changes={"gloves_worn": {"order": "Stop at once."}})

    said = translate(apply_pack(french(), place, whole=False), "fr")

    assert said.items["gloves_worn"].order == "Stop at once."
    assert said.items["gloves_worn"].prompt == "Porte-t-on des gants ?"
    assert said.language == "en"
