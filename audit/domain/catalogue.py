"""Every published checklist, programme and pack, loaded and checked at start.

A folder holds `<code>/<version>.yaml`, `facts.yaml`, and `digests.txt` with the content digest of
each published version. A file that breaks a rule, or a published one that changed or is gone, stops
the start with file, line and reason.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from audit.domain.checklist import Checklist
from audit.domain.definitions import Definition
from audit.domain.documents import BadDocument, Document, Path_, parse_file
from audit.domain.facts import Facts
from audit.domain.packs import Pack, Programme, apply_pack, join
from audit.errors import NotFound, Refusal

Published = Checklist | Programme | Pack
PackName = tuple[str, int]
_KINDS: Mapping[object, type[Published]] = {"pack": Pack, "programme": Programme}
_PINNED = re.compile(r"([a-z][a-z0-9-]*/[0-9]+) ([0-9a-f]{64})")


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What can be audited, by code and version; the same call always gives the same value."""

    facts: Facts
    published: Mapping[tuple[str, int], Published] = field(default_factory=dict)
    # Assembling reads every item anew, so each assembled checklist is kept once made.
    _assembled: dict[tuple[str, int, PackName | None], Checklist] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def get(self, code: str, version: int, pack: PackName | None = None) -> Checklist:
        """Return a checklist or programme as asked under `pack`; NotFound when it is not here."""
        name = (code, version, pack)
        if name not in self._assembled:
            self._assembled.setdefault(name, self._assemble(*name))
        return self._assembled[name]

    def _assemble(self, code: str, version: int, pack: PackName | None) -> Checklist:
        found = self._find(code, version)
        if isinstance(found, Pack):
            raise NotFound(f"{code} is a pack, not a checklist.", code="no_such_checklist")
        whole = isinstance(found, Programme)
        if isinstance(found, Programme):
            found = join(found, self.editions(code, version))
        return apply_pack(found, self.pack(*pack), whole=whole) if pack else found

    def editions(self, code: str, version: int) -> tuple[Checklist, ...]:
        """Return the published checklists an audit by `code` is made of, before any pack."""
        found = self._find(code, version)
        names = found.includes if isinstance(found, Programme) else (f"{code}/{version}",)
        return tuple(self._named(name) for name in names)

    def pack(self, code: str, version: int) -> Pack:
        """Return a pack; NotFound when it is not here."""
        found = self._find(code, version)
        if not isinstance(found, Pack):
            raise NotFound(f"{code} is not a pack.", code="no_such_pack")
        return found

    def newest(self, code: str) -> int:
        """Return the newest version of `code`; NotFound when there is none."""
        versions = [version for known, version in self.published if known == code]
        if not versions:
            raise NotFound(f"There is no checklist called {code}.", code="no_such_checklist")
        return max(versions)

    def pack_for(self, jurisdiction: str) -> Pack | None:
        """Return the newest pack for a place, or None where none is shipped."""
        packs = [one for one in self.published.values() if isinstance(one, Pack)]
        here = [pack for pack in packs if pack.jurisdiction == jurisdiction]
        return max(here, key=lambda pack: pack.version, default=None)

    def current(self) -> tuple[Published, ...]:
        """Return the newest version of everything, programmes first, then by code."""
        newest = {code: self.newest(code) for code, _ in self.published}
        found = (self.published[code, version] for code, version in newest.items())
        order = (Programme, Checklist, Pack)
        return tuple(sorted(found, key=lambda one: (order.index(type(one)), one.code)))

    def _find(self, code: str, version: int) -> Published:
        found = self.published.get((code, version))
        if found is None:
            message = f"There is no checklist called {code}, version {version}."
            raise NotFound(message, code="no_such_checklist")
        return found

    def _named(self, name: str) -> Checklist:
        code, _, version = name.partition("/")
        found = self._find(code, int(version))
        if not isinstance(found, Checklist):
            raise NotFound(f"{name} is not a checklist.", code="no_such_checklist")
        return found


class _File(NamedTuple):
    """A file as parsed and as read."""

    document: Document
    published: Published

    @property
    def name(self) -> str:
        """What the file is called where others name it."""
        return f"{self.published.code}/{self.published.version}"


_Fault = tuple[str, str]


def load_catalogue(folder: Path) -> Catalogue:
    """Load everything in `folder`; BadDocument names each file, line and reason."""
    facts = parse_file(folder / "facts.yaml").read_as(Facts)
    files = [_load(path) for path in sorted(folder.glob("*/*.yaml"))]
    _refuse(fault for file in files for fault in _misplaced(file))
    _refuse(_unpinned(files, folder / "digests.txt"))
    catalogue = Catalogue(
        facts=facts,
        published={(one.published.code, one.published.version): one.published for one in files},
    )
    _refuse(fault for file in files for fault in _dangling(file, catalogue))
    _refuse(fault for file in files for fault in _misfits(file, catalogue))
    return catalogue


def load_published(path: Path) -> Published:
    """Load one file by its kind, without regard to the others; BadDocument as above."""
    return _load(path).published


def load_own(path: Path, catalogue: Catalogue) -> Published:
    """Load a file from anywhere and hold its names against `catalogue`; BadDocument as above."""
    file = _load(path)
    _refuse(_dangling(file, catalogue))
    return file.published


def _load(path: Path) -> _File:
    document = parse_file(path)
    kind = document.value.get("kind") if isinstance(document.value, dict) else None
    # Only text can be looked up: a kind may be anything in a file that someone wrote.
    model = _KINDS.get(kind, Checklist) if isinstance(kind, str) else Checklist
    return _File(document=document, published=document.read_as(model))


def _refuse(faults: Iterable[_Fault]) -> None:
    if found := dict(faults):
        raise BadDocument(found)


def _misplaced(file: _File) -> Iterator[_Fault]:
    if Path(file.document.name).parts[-2:] != tuple(f"{file.name}.yaml".split("/")):
        yield file.document.place(()), "folder and file name must be code and version"


def _unpinned(files: Iterable[_File], path: Path) -> Iterator[_Fault]:
    pinned = dict(read_digests(path))
    for file in files:
        digest = pinned.pop(file.name, None)
        if digest is None:
            words = "not pinned: add it with `hygiene-audit checklist check --pin FOLDER`"
            yield file.document.place(()), words
        elif digest != file.published.digest:
            words = "this published version changed; publish the next version instead"
            yield file.document.place(()), words
    for line, name in enumerate(read_digests(path), start=1):
        if name in pinned:
            yield f"{path}:{line}", f"{name} was published and is gone; bring it back"


def _dangling(file: _File, catalogue: Catalogue) -> Iterator[_Fault]:
    """Yield each name in `file` that leads nowhere."""
    for path, fact in _cites(file.published):
        if fact not in catalogue.facts.by_id:
            yield file.document.place(path), f"cites the unknown fact {fact}"
    if isinstance(file.published, Pack):
        for path in _aims(file.published, catalogue):
            yield file.document.place(path), f"{path[-1]}: nothing published is called this"


def _aims(pack: Pack, catalogue: Catalogue) -> Iterator[Path_]:
    """Yield where a pack names an item, section or conflict that nothing published has."""
    every = [one for one in catalogue.published.values() if isinstance(one, Checklist)]
    items = {code for one in every for code in one.items}
    sections = {section.code for one in every for section in one.sections}
    conflicts = {conflict.id for conflict in catalogue.facts.conflicts}
    yield from (("changes", code) for code in pack.changes if code not in items)
    yield from (("off", code) for code in pack.off if code not in items)
    yield from (("chooses", name) for name in pack.chooses if name not in conflicts)
    for place, addition in enumerate(pack.adds):
        if addition.section not in sections:
            yield ("adds", place, addition.section)


def _misfits(file: _File, catalogue: Catalogue) -> Iterator[_Fault]:
    """Yield what cannot be put together: a programme, or a current pack on what is current."""
    found = file.published
    if isinstance(found, Programme):
        yield from _assembly(file, catalogue, found, None)
    if isinstance(found, Pack) and catalogue.pack_for(found.jurisdiction) is found:
        for other in catalogue.current():
            if not isinstance(other, Pack):
                yield from _assembly(file, catalogue, other, (found.code, found.version))


def _assembly(
    file: _File, catalogue: Catalogue, found: Checklist | Programme, pack: PackName | None
) -> Iterator[_Fault]:
    try:
        catalogue.get(found.code, found.version, pack)
    except Refusal as error:
        yield file.document.place(()), error.message


def _cites(value: object, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Walk definitions for `clauses`, and the `fact` that a pack rests a choice on."""
    for part, inner in _parts(value):
        if not isinstance(inner, str):
            yield from _cites(inner, (*path, part))
        elif part == "fact" or path[-1:] == ("clauses",):
            yield (*path, part), inner


def _parts(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Definition):
        return ((name, getattr(value, name)) for name in type(value).model_fields)
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, tuple) else ()


def read_digests(path: Path) -> Mapping[str, str]:
    """Read `digests.txt`: lines "code/version digest"; a missing file pins nothing."""
    if not path.exists():
        return {}
    pinned: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        read = _PINNED.fullmatch(line)
        if read is None or read[1] in pinned:
            raise BadDocument({f"{path}:{number}": "each line is “code/version digest”, once"})
        pinned[read[1]] = read[2]
    return pinned


def pin(folder: Path) -> None:
    """Add the digest of each version not yet pinned to `digests.txt`; what is pinned stays."""
    path = folder / "digests.txt"
    pinned = dict(read_digests(path))
    for file in sorted(folder.glob("*/*.yaml")):
        found = load_published(file)
        pinned.setdefault(f"{found.code}/{found.version}", found.digest)
    lines = [f"{name} {digest}\n" for name, digest in sorted(pinned.items())]
    path.write_text("".join(lines), encoding="utf-8")
