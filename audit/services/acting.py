"""Who acts, and what every act may reach for beside its session."""

from dataclasses import dataclass
from uuid import UUID

from audit.domain.catalogue import Catalogue
from audit.store.blobs import Blobs
from audit.store.journal import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the session's organisation; `device` names the stay they act through."""

    id: UUID
    name: str
    role: str = ""
    device: str = ""

    @property
    def actor(self) -> Actor:
        """The same person as the journal names them."""
        return Actor(person_id=self.id, name=self.name, role=self.role, device=self.device)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What stays the same while the installation runs: the catalogue, and the kept files."""

    catalogue: Catalogue
    blobs: Blobs
