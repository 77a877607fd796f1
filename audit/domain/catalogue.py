"""Every published checklist, programme and pack, loaded and checked at start.

A folder holds `<code>/<version>.yaml`, `facts.yaml`, and `digests.txt` with the content digest of
each published version. A file that breaks a rule, or a published one that changed, stops the start
with file, line and reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from audit.domain.checklist import Checklist
from audit.domain.definitions import Clause, Definition
from audit.domain.documents import BadDocument, Document, parse_file
from audit.domain.facts import Facts
from audit.domain.packs import Pack, Programme, apply_pack, join
from audit.errors import NotFound

Published = Checklist | Programme | Pack
_KINDS: Mapping[object, type[Published]] = {"pack": Pack, "programme": Programme}


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What can be audited, by code and version; the same call always gives the same value."""

    facts: Facts
    published: Mapping[tuple[str, int], Published] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep assembled checklists, since assembling one reads every item anew."""
        object.__setattr__(self, "get", lru_cache(maxsize=128)(self.get))

    def get(self, code: str, version: int, pack: tuple[str, int] | None = None) -> Checklist:
        """Return a checklist or programme as asked under `pack`; NotFound when it is not here."""
        found = self._find(code, version)
        if isinstance(found, Pack):
            raise NotFound(f"{code} is a pack, not a checklist.", code="no_such_checklist")
        whole = isinstance(found, Programme)
        parts = tuple(self._named(name) for name in self.includes(found))
        checklist = join(found, parts) if isinstance(found, Programme) else found
        return apply_pack(checklist, self.pack(*pack), whole=whole) if pack else checklist

    def includes(self, found: Published) -> tuple[str, ...]:
        """Return the "code/version" of each checklist in a programme, nothing otherwise."""
        return found.includes if isinstance(found, Programme) else ()

    def editions(self, code: str, version: int) -> tuple[Checklist, ...]:
        """Return the published checklists an audit by `code` is made of, before any pack."""
        found = self._find(code, version)
        names = self.includes(found) or (f"{code}/{version}",)
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
        return self.get(code, int(version))


def load_catalogue(folder: Path) -> Catalogue:
    """Load everything in `folder`; BadDocument names each file, line and reason."""
    facts = parse_file(folder / "facts.yaml").read_as(Facts)
    pinned = read_digests(folder / "digests.txt")
    published: dict[tuple[str, int], Published] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        found = load_published(path)
        name = (path.parent.name, path.name)
        if name != (found.code, f"{found.version}.yaml"):
            raise BadDocument({f"{path}:1": "folder and file name must be code and version"})
        if pinned.get(f"{found.code}/{found.version}") != found.digest:
            reason = (
                "this published version changed; publish the next version instead"
                if f"{found.code}/{found.version}" in pinned
                else "not pinned: add it with `hygiene-audit checklist check --pin`"
            )
            raise BadDocument({str(path): reason})
        published[found.code, found.version] = found
    return check_whole(Catalogue(facts=facts, published=published), folder)


def load_published(path: Path) -> Published:
    """Load one file by its kind, without regard to the others; BadDocument as above."""
    return read_published(parse_file(path))


def read_published(document: Document) -> Published:
    """Read a parsed file as what its `kind` says; a checklist says none."""
    kind = document.value.get("kind") if isinstance(document.value, dict) else None
    return document.read_as(_KINDS.get(kind, Checklist))


def check_whole(catalogue: Catalogue, folder: Path) -> Catalogue:
    """Return `catalogue` once every name in it leads somewhere; BadDocument otherwise."""
    for published in catalogue.published.values():
        place = str(folder / published.code / f"{published.version}.yaml")
        unknown = cited_facts(published) - set(catalogue.facts.by_id)
        if unknown:
            raise BadDocument({place: f"cites unknown facts {', '.join(sorted(unknown))}"})
        try:
            _assemble(catalogue, published)
        except NotFound as error:
            raise BadDocument({place: error.message}) from error
    return catalogue


def _assemble(catalogue: Catalogue, published: Published) -> None:
    if isinstance(published, Programme):
        catalogue.get(published.code, published.version)


def cited_facts(published: Published) -> frozenset[str]:
    """Return the id of every fact that `published` cites anywhere."""
    return frozenset(_cited(published))


def _cited(value: object) -> list[str]:
    """Walk definitions for `clauses`, and the positions a pack takes."""
    found: list[str] = []
    if isinstance(value, Definition):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name == "clauses":
                found.extend(one for one in inner if not isinstance(one, Clause))
            elif name == "fact" and inner is not None:
                found.append(inner)
            else:
                found.extend(_cited(inner))
    elif isinstance(value, Mapping):
        found.extend(one for inner in value.values() for one in _cited(inner))
    elif isinstance(value, tuple):
        found.extend(one for inner in value for one in _cited(inner))
    return found


def read_digests(path: Path) -> Mapping[str, str]:
    """Read `digests.txt`: lines "code/version digest"; a missing file pins nothing."""
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {line[0]: line[1] for line in lines if line}
