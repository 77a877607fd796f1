"""The shelf of published checklists: what is found, and what stops the start."""

from pathlib import Path

import pytest

from audit.domain.catalogue import Catalogue, load_catalogue, load_own, load_published, pin
from audit.domain.checklist import Checklist
from audit.domain.documents import BadDocument
from audit.domain.packs import Pack, Programme
from audit.errors import NotFound
from tests.domain.samples import write_library

GLOVES = """\
topic: glove-use
sections:
- code: gloves
  title: Gloves
  items:
  - {code: gloves_worn, kind: compliance, prompt: 'Worn?', clauses: [ut-gloves, who-gloves]}
"""
HANDS = """\
topic: hand-hygiene
sections:
- code: hands
  title: Hands
  items:
  - {code: soap, kind: compliance, prompt: 'Soap?'}
"""
ALL = "kind: programme\nincludes: [hand-hygiene/1, glove-use/1]\n"
UTAH = """\
kind: pack
jurisdiction: US-UT
jurisdictions: [US-UT, US]
retention: {on_site_years: 1, total_years: 3, fact: ut-gloves}
chooses:
  glove-change: {fact: ut-gloves, because: It is the law here.}
changes:
  gloves_worn: {severity: critical}
adds:
- section: hands
  items:
  - {code: ut_sign, kind: compliance, prompt: 'Posted?', clauses: [ut-gloves]}
sections:
- code: utah
  title: Utah
  items:
  - {code: ut_licence, kind: compliance, prompt: 'Licence on the wall?'}
"""
NEWER_UTAH = "kind: pack\njurisdiction: US-UT\njurisdictions: [US-UT, US]\n"
LIBRARY = {"glove-use/1": GLOVES, "hand-hygiene/1": HANDS, "full/1": ALL, "us-ut/1": UTAH}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_library(tmp_path, LIBRARY)
    pin(tmp_path)
    return tmp_path


@pytest.fixture
def catalogue(folder: Path) -> Catalogue:
    return load_catalogue(folder)


def faults_of(folder: Path) -> dict[str, str]:
    """Return what stops the start, by place within the folder."""
    with pytest.raises(BadDocument) as refused:
        load_catalogue(folder)
    return {key.removeprefix(f"{folder}/"): words for key, words in refused.value.places.items()}


def test_each_kind_of_file_is_read_as_what_it_says(folder: Path) -> None:
    kinds = {name: type(load_published(folder / f"{name}.yaml")) for name in LIBRARY}

    assert kinds == {
        "glove-use/1": Checklist,
        "hand-hygiene/1": Checklist,
        "full/1": Programme,
        "us-ut/1": Pack,
    }


def test_checklist_alone_is_asked_as_published(catalogue: Catalogue) -> None:
    assert list(catalogue.get("glove-use", 1).items) == ["gloves_worn"]


def test_programme_is_asked_as_its_checklists_in_order(catalogue: Catalogue) -> None:
    assert list(catalogue.get("full", 1).items) == ["soap", "gloves_worn"]


def test_pack_is_applied_to_one_checklist(catalogue: Catalogue) -> None:
    made = catalogue.get("glove-use", 1, ("us-ut", 1))

    assert list(made.items) == ["gloves_worn"]
    assert made.items["gloves_worn"].severity == "critical"


def test_pack_brings_its_own_sections_to_a_programme(catalogue: Catalogue) -> None:
    made = catalogue.get("full", 1, ("us-ut", 1))

    assert list(made.items) == ["soap", "ut_sign", "gloves_worn", "ut_licence"]


def test_same_call_gives_the_same_value(catalogue: Catalogue) -> None:
    name = ("full", 1, ("us-ut", 1))

    assert catalogue.get(*name) is catalogue.get(*name)


def test_editions_are_the_published_parts(catalogue: Catalogue) -> None:
    names = [[one.code for one in catalogue.editions(code, 1)] for code in ("full", "glove-use")]

    assert names == [["hand-hygiene", "glove-use"], ["glove-use"]]


@pytest.mark.parametrize(
    ("code", "version", "pack"),
    [
        ("nail-care", 1, None),
        ("glove-use", 2, None),
        ("us-ut", 1, None),
        ("glove-use", 1, ("us-nv", 1)),
        ("glove-use", 1, ("hand-hygiene", 1)),
    ],
)
def test_what_is_not_here_is_not_found(
    catalogue: Catalogue, code: str, version: int, pack: tuple[str, int] | None
) -> None:
    with pytest.raises(NotFound):
        catalogue.get(code, version, pack)


def test_pack_has_no_editions(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue.editions("us-ut", 1)


def test_newest_version_and_newest_pack_are_found(folder: Path) -> None:
    write_library(folder, {"glove-use/2": GLOVES, "us-ut/2": UTAH})
    pin(folder)
    catalogue = load_catalogue(folder)

    pack = catalogue.pack_for("US-UT")

    assert catalogue.newest("glove-use") == 2
    assert pack is not None
    assert pack.version == 2
    assert catalogue.pack_for("US-NV") is None
    with pytest.raises(NotFound):
        catalogue.newest("nail-care")


def test_current_lists_the_newest_of_everything_programmes_first(folder: Path) -> None:
    write_library(folder, {"glove-use/2": GLOVES})
    pin(folder)

    current = load_catalogue(folder).current()

    assert [(one.code, one.version) for one in current] == [
        ("full", 1),
        ("glove-use", 2),
        ("hand-hygiene", 1),
        ("us-ut", 1),
    ]


def test_missing_facts_stop_the_start(folder: Path) -> None:
    (folder / "facts.yaml").unlink()

    assert faults_of(folder) == {"facts.yaml": "there is no such file"}


def test_bad_file_stops_the_start_with_file_line_and_reason(folder: Path) -> None:
    write_library(folder, {"hand-hygiene/1": HANDS.replace("compliance", "complience")})

    (place, reason), *more = faults_of(folder).items()

    assert place == "hand-hygiene/1.yaml:10"
    assert "complience" in reason
    assert not more


@pytest.mark.parametrize("kind", ["kind: [pack]\n", "kind: {}\n", "kind: recipe\n"])
def test_file_of_an_unknown_kind_is_refused(folder: Path, kind: str) -> None:
    write_library(folder, {"hand-hygiene/1": kind + HANDS})

    assert faults_of(folder) == {
        "hand-hygiene/1.yaml:5": "kind: nothing is called this here; leave it out, or mend it",
    }


def test_file_in_the_wrong_folder_stops_the_start(folder: Path) -> None:
    (folder / "glove-use" / "1.yaml").rename(folder / "glove-use" / "2.yaml")

    assert faults_of(folder) == {
        "glove-use/2.yaml:1": "folder and file name must be code and version"
    }


def test_version_that_is_not_pinned_stops_the_start(folder: Path) -> None:
    write_library(folder, {"glove-use/2": GLOVES})

    (place, reason), *more = faults_of(folder).items()

    assert place == "glove-use/2.yaml:1"
    assert reason.startswith("not pinned")
    assert not more


def test_published_version_that_changed_stops_the_start(folder: Path) -> None:
    write_library(folder, {"glove-use/1": GLOVES.replace("Worn?", "Always worn?")})

    assert faults_of(folder) == {
        "glove-use/1.yaml:1": "this published version changed; publish the next version instead"
    }


def test_comment_in_a_published_version_changes_nothing(folder: Path) -> None:
    path = folder / "glove-use" / "1.yaml"
    path.write_text(f"# Read again in December.\n{path.read_text()}\n", encoding="utf-8")

    assert load_catalogue(folder).newest("glove-use") == 1


def test_published_version_that_is_gone_stops_the_start(folder: Path) -> None:
    (folder / "us-ut" / "1.yaml").unlink()

    assert faults_of(folder) == {
        "digests.txt:4": "us-ut/1 was published and is gone; bring it back"
    }


@pytest.mark.parametrize("line", ["glove-use/1", "glove-use/1 abc", "", "glove-use/1 " + "0" * 64])
def test_digest_line_that_is_broken_or_doubled_stops_the_start(folder: Path, line: str) -> None:
    with (folder / "digests.txt").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")

    assert list(faults_of(folder)) == ["digests.txt:5"]


def test_without_digests_nothing_is_pinned(folder: Path) -> None:
    (folder / "digests.txt").unlink()

    assert len(faults_of(folder)) == 4


def test_pinning_adds_what_is_new_and_keeps_what_is_pinned(folder: Path) -> None:
    path = folder / "digests.txt"
    before = path.read_text()
    write_library(folder, {"glove-use/1": HANDS, "glove-use/2": GLOVES})

    pin(folder)

    after = path.read_text()
    assert set(before.splitlines()) < set(after.splitlines())
    assert [line.split()[0] for line in after.splitlines()] == [
        "full/1",
        "glove-use/1",
        "glove-use/2",
        "hand-hygiene/1",
        "us-ut/1",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "reason"),
    [
        ("glove-use/1", "who-gloves", "who-glove", "glove-use/1.yaml:10", "unknown fact who-glove"),
        (
            "us-ut/1",
            "total_years: 3, fact: ut-gloves",
            "total_years: 3, fact: ut-log",
            "us-ut/1.yaml:8",
            "unknown fact ut-log",
        ),
        (
            "us-ut/1",
            "{fact: ut-gloves",
            "{fact: ut-glove",
            "us-ut/1.yaml:10",
            "unknown fact ut-glove",
        ),
        ("us-ut/1", "clauses: [ut-gloves]", "clauses: [ut-sign]", "us-ut/1.yaml:16", "ut-sign"),
        (
            "us-ut/1",
            "gloves_worn:",
            "gloves_won:",
            "us-ut/1.yaml:12",
            "nothing published is called",
        ),
        (
            "us-ut/1",
            "changes:\n  gloves_worn: {severity: critical}",
            "off: {soup: Not here.}",
            "us-ut/1.yaml:11",
            "soup: nothing published is called",
        ),
        (
            "us-ut/1",
            "section: hands",
            "section: hand",
            "us-ut/1.yaml:14",
            "hand: nothing published",
        ),
        ("us-ut/1", "glove-change:", "glove-swap:", "us-ut/1.yaml:10", "glove-swap: nothing"),
    ],
)
def test_name_that_leads_nowhere_stops_the_start(
    tmp_path: Path, file: str, old: str, new: str, place: str, reason: str
) -> None:
    changed = LIBRARY[file].replace(old, new, 1)
    write_library(tmp_path, LIBRARY | {file: changed})
    pin(tmp_path)

    faults = faults_of(tmp_path)

    assert changed != LIBRARY[file]
    assert list(faults) == [place]
    assert reason in faults[place]


@pytest.mark.parametrize(
    ("file", "body", "reason"),
    [
        ("full/1", ALL.replace("glove-use/1", "glove-use/2"), "glove-use, version 2"),
        ("full/1", ALL.replace("glove-use/1", "full/1"), "full/1 is not a checklist"),
        ("full/1", ALL.replace("glove-use/1", "hand-hygiene/1"), "do not go together"),
        ("us-ut/1", UTAH.replace("ut_sign", "soap"), "Pack us-ut does not fit"),
        ("us-ut/1", UTAH.replace("severity: critical", "celsius: '121'"), "a way it cannot be"),
    ],
)
def test_what_cannot_be_put_together_stops_the_start(
    tmp_path: Path, file: str, body: str, reason: str
) -> None:
    write_library(tmp_path, LIBRARY | {file: body})
    pin(tmp_path)

    faults = faults_of(tmp_path)

    assert f"{file}.yaml:1" in faults
    assert any(reason in words for words in faults.values())


def test_older_pack_need_not_fit_the_newer_checklist(folder: Path) -> None:
    newer = {"hand-hygiene/2": HANDS.replace("soap", "ut_sign"), "us-ut/2": NEWER_UTAH}
    write_library(folder, newer)
    pin(folder)

    catalogue = load_catalogue(folder)

    assert "ut_sign" in catalogue.get("hand-hygiene", 1, ("us-ut", 1)).items
    assert list(catalogue.get("hand-hygiene", 2, ("us-ut", 2)).items) == ["ut_sign"]


def test_file_of_ones_own_is_held_against_the_facts(catalogue: Catalogue, tmp_path: Path) -> None:
    shell = "code: own\nversion: 1\nedition: 2026-11\ntitle: Own\n"
    good, bad = tmp_path / "own.yaml", tmp_path / "bad.yaml"
    good.write_text(shell + GLOVES, encoding="utf-8")
    bad.write_text(shell + GLOVES.replace("ut-gloves", "nv-gloves"), encoding="utf-8")

    own = load_own(good, catalogue)

    assert own.code == "own"
    with pytest.raises(BadDocument, match=r"bad\.yaml:10: cites the unknown fact nv-gloves"):
        load_own(bad, catalogue)
