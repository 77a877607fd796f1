"""Takes every fence away, one at a time; each must be missed by the matrix or the sweep."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import true
from sqlalchemy.orm import with_loader_criteria

from audit.store import scope as scoping
from audit.store.base import Base
from audit.store.limits import limit
from audit.store.people import Membership, Role
from audit.store.scope import OrganisationScope, Owned, ScopedSession, Shared
from audit.web import access
from audit.web.access import MAY, Permission
from tests.isolation.matrix import Call, Matrix
from tests.isolation.sweep import loose_keys, sweep
from tests.isolation.world import World

Chosen = Callable[[Call], bool]


@dataclass(frozen=True)
class Mutant:
    """One fence taken away, and where its absence must show: at addresses, or below them."""

    name: str
    weaken: Callable[[World], AbstractContextManager[None]]
    chosen: Chosen | None = None

    def is_killed(self, world: World) -> bool:
        """Say whether it is noticed."""
        with self.weaken(world):
            if self.chosen is None:
                killed = any(True for _ in sweep(world))
            else:
                matrix = Matrix(world)
                matrix.run(self.chosen)
                killed = bool(matrix.leaks)
        world.restore()
        return killed


def mutants(world: World) -> Iterator[Mutant]:
    """Yield every fence, taken away."""
    yield from _at_views(world)
    yield from (_toggle(world, role, one) for role in Role for one in Permission)
    classes = [mapper.class_ for mapper in Base.registry.mappers]
    yield from (
        Mutant(f"{one.__name__} unfiltered", _unfiltered(one))
        for one in classes
        if issubclass(one, Owned)
    )
    yield from (
        Mutant(f"{one.__name__} shown to all", _shown(one))
        for one in classes
        if issubclass(one, Shared)
    )
    yield from (
        Mutant(f"{one.__name__} at all sites", _unlimited(one))
        for one in classes
        if limit(one, ()) is not None
    )
    yield Mutant("owners of written rows unchecked", _patched(scoping, "_check_owner", _nothing))
    yield Mutant("rows read again unchecked", _patched(scoping, "_refuse_foreign", _nothing))
    yield Mutant("anyone made a member", _patched(Membership, "may_be_added", lambda *_: True))
    yield Mutant("rows in hand unchecked", _patched(ScopedSession, "get", _plain_get))


def _at_views(world: World) -> Iterator[Mutant]:
    for endpoint, view in sorted(world.app.view_functions.items()):
        needed = getattr(view, access._MARK)
        if needed is not None:
            yield _open(endpoint)
            if needed not in MAY[Role.AUDITOR]:
                yield _lower(endpoint)


def _open(endpoint: str) -> Mutant:
    return Mutant(
        f"{endpoint} for anyone",
        _marked(endpoint, None),
        lambda call: call.rule.endpoint == endpoint and call.kind == "anonymous",
    )


def _lower(endpoint: str) -> Mutant:
    return Mutant(
        f"{endpoint} for every reader",
        _marked(endpoint, Permission.READ),
        lambda call: call.rule.endpoint == endpoint and call.kind == Role.AUDITOR.value,
    )


def _toggle(world: World, role: Role, permission: Permission) -> Mutant:
    views = world.app.view_functions
    changed = {**MAY, role: MAY[role] ^ {permission}}
    return Mutant(
        f"{role} and {permission} the other way",
        _patched(access, "MAY", MappingProxyType(changed)),
        lambda call: (
            call.kind == role.value
            and getattr(views[call.rule.endpoint], access._MARK) is permission
        ),
    )


def _marked(
    endpoint: str, permission: Permission | None
) -> Callable[[World], AbstractContextManager[None]]:
    def weaken(world: World) -> AbstractContextManager[None]:
        view = world.app.view_functions[endpoint]
        return _set(view, access._MARK, permission)

    return weaken


def _unfiltered(spared: type) -> Callable[[World], AbstractContextManager[None]]:
    def narrowing(scope: OrganisationScope) -> tuple[Any, ...]:
        whose = scope.organisation_id
        owned = [
            with_loader_criteria(one.class_, one.class_.organisation_id == whose)
            for one in Base.registry.mappers
            if issubclass(one.class_, Owned) and one.class_ is not spared
        ]
        shared = [
            with_loader_criteria(one, one.visible_to(whose)) for one in scoping._shared_classes()
        ]
        return (*owned, *shared, *scope._limits())

    genuine = scoping._refuse_foreign

    def refuse(row: object, session: Any) -> None:
        if type(row) is not spared:
            genuine(row, session)

    @contextmanager
    def weaken(_: World) -> Iterator[None]:
        with (
            _set(OrganisationScope, "narrowing", property(narrowing)),
            _set(scoping, "_refuse_foreign", refuse),
            _set(ScopedSession, "get", _plain_get),
        ):
            yield

    return weaken


def _shown(shared: type) -> Callable[[World], AbstractContextManager[None]]:
    return _patched(shared, "visible_to", classmethod(lambda *_: true()))


def _unlimited(spared: type) -> Callable[[World], AbstractContextManager[None]]:
    genuine = scoping.limit
    return _patched(
        scoping, "limit", lambda one, sites: None if one is spared else genuine(one, sites)
    )


def _patched(
    holder: Any, name: str, value: object
) -> Callable[[World], AbstractContextManager[None]]:
    return lambda _: _set(holder, name, value)


@contextmanager
def _set(holder: Any, name: str, value: object) -> Iterator[None]:
    before = holder.__dict__[name]
    setattr(holder, name, value)
    try:
        yield
    finally:
        setattr(holder, name, before)


def _nothing(*_: object) -> None:
    return None


def _plain_get(self: ScopedSession, entity: Any, ident: Any, **options: Any) -> Any:
    return super(ScopedSession, self).get(entity, ident, **options)


def keys_cut(world: World) -> Iterator[tuple[str, bool]]:
    """Cut each key that names an organisation out of a copy; say whether that is noticed."""
    copy = world.folder / "cut.sqlite3"
    pattern = re.compile(r",\s*CONSTRAINT \w+ FOREIGN KEY\s*\(organisation_id, \w+\)[^)]*\)")
    with closing(sqlite3.connect(world.folder / "kept.sqlite3")) as raw:
        texts = dict(raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    for table, sql in sorted(texts.items()):
        for found in pattern.finditer(sql):
            shutil.copyfile(world.folder / "kept.sqlite3", copy)
            cut = sql[: found.start()] + sql[found.end() :]
            with closing(sqlite3.connect(copy, isolation_level=None)) as raw:
                raw.execute("PRAGMA writable_schema = ON")
                raw.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (cut, table))
            yield f"{table}: {found[0].split('FOREIGN')[1]}", bool(list(loose_keys(str(copy))))
