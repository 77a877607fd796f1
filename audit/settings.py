"""The AUDIT_* variables of an installation, all checked before anything starts."""

import os
import secrets
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates
from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic import model_validator as check_all
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from audit.errors import Invalid
from reports.tokens import SCHEME, TokenAddress, read_token_address

PREFIX = "AUDIT_"
SHORTEST_SECRET = 32


def _split(listed: object) -> object:
    if isinstance(listed, str):
        return tuple(name.strip() for name in listed.split(",") if name.strip())
    return listed


class Settings(BaseSettings):
    """What an installation may be told; only `app.py` and `cli/` read it."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    data_dir: Path = Field(
        default=Path("var"), description="Where the database, evidence, reports and keys are kept."
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="SQLite file (default, in the data directory) or postgresql+psycopg://…",
    )
    evidence_url: str = Field(
        default="", description="Directory for photos and sealed reports (default: evidence/)."
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000", description="The address people reach this service at."
    )
    trusted_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        default=(), description="Host names answered to, with commas (default: that of the base)."
    )
    given_secret: SecretStr | None = Field(
        default=None,
        alias="secret_key",
        description="Signs sessions and forms; made at first start and kept when not given.",
    )
    seal_key: Path | TokenAddress | None = Field(
        default=None,
        description="PKCS#12 file, or pkcs11:… for a key on a token, that seals reports "
        "(default: made at first start).",
    )
    seal_passphrase: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="Opens the seal key: passphrase of its file, or PIN of its token.",
    )

    tsa_url: str = Field(
        default="", description="The time-stamp authority (RFC 3161) that stamps issued reports."
    )
    tsa_certificates: Path | None = Field(
        default=None, description="PEM file with the certificates of authorities to believe."
    )
    long_term: bool = Field(
        default=False,
        description="Adds proofs to stamped reports that outlast every certificate (PAdES B-LTA).",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing but arguments: the environment is one of `load_settings`."""
        del settings_cls
        return (init_settings,)

    @field_validator("data_dir", mode="after")
    @classmethod
    def _make_absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _know_database(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("write sqlite:///… with a file, or postgresql+psycopg://…")
        if url.startswith("sqlite:") and (url == "sqlite:///" or ":memory:" in url):
            raise ValueError("name a file; a database in memory would be lost at each stop")
        return url

    @field_validator("evidence_url")
    @classmethod
    def _know_evidence(cls, url: str) -> str:
        if "://" in url and not url.startswith("file:///"):
            raise ValueError("only a directory can keep evidence in this version")
        return url

    @field_validator("base_url")
    @classmethod
    def _know_base(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write a whole address, such as https://audits.example.org")
        return url.rstrip("/")

    @field_validator("given_secret")
    @classmethod
    def _measure_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"use at least {SHORTEST_SECRET} characters, made by chance")
        return secret

    @field_validator("seal_key", mode="before")
    @classmethod
    def _find_seal_key(cls, given: str | Path | None) -> Path | TokenAddress | None:
        if given is None:
            return None
        if str(given).startswith(SCHEME):
            return read_token_address(str(given))
        if not Path(given).expanduser().is_file():
            raise ValueError("there is no such file")
        return Path(given).expanduser().absolute()

    @field_validator("seal_passphrase")
    @classmethod
    def _insist_pin(cls, given: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if given is None and isinstance(others.data.get("seal_key"), TokenAddress):
            raise ValueError("a key on a token needs the token's PIN here")
        return given

    @field_validator("tsa_url")
    @classmethod
    def _know_authority(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("write a whole address, such as https://tsa.example.org/tsr")
        return url

    @field_validator("tsa_certificates")
    @classmethod
    def _read_certificates(cls, path: Path | None) -> Path | None:
        if path is None:
            return None
        try:
            load_pem_x509_certificates(path.expanduser().read_bytes())
        except (OSError, ValueError) as error:
            raise ValueError("there is no readable PEM file with certificates") from error
        return path.expanduser().absolute()

    @field_validator("long_term")
    @classmethod
    def _need_authority(cls, wanted: bool, given: ValidationInfo) -> bool:  # noqa: FBT001  # called by the library
        if wanted and not given.data.get("tsa_url"):
            raise ValueError("this needs a time-stamp authority: set AUDIT_TSA_URL")
        return wanted

    @check_all(mode="after")
    def _fill_defaults(self) -> Self:
        # A frozen value is filled through its dictionary, once, before anyone has seen it.
        if not self.database_url:
            self.__dict__["database_url"] = f"sqlite:///{self.data_dir / 'audit.sqlite3'}"
        if not self.trusted_hosts:
            self.__dict__["trusted_hosts"] = (urlsplit(self.base_url).hostname or "",)
        return self

    @property
    def evidence_dir(self) -> Path:
        """Return the directory behind `evidence_url`."""
        if not self.evidence_url:
            return self.data_dir / "evidence"
        return Path(self.evidence_url.removeprefix("file://")).expanduser().absolute()

    @cached_property
    def secret_key(self) -> SecretStr:
        """Return the key that signs sessions; the first use without a given one makes and keeps it.

        A command that serves nobody never touches it, and so needs no data directory.
        """
        return self.given_secret or SecretStr(_kept_secret(self.data_dir))


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the AUDIT_* names of `environ`; raise Invalid with one line for each that is wrong."""
    known = {PREFIX + (field.alias or name).upper() for name, field in _fields()}
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
    places = {name: _unknown(name, known) for name in given if name not in known}
    values: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value for name, value in given.items() if name in known
    }
    try:
        settings = Settings(**values)
    except ValidationError as error:
        places |= {
            PREFIX + str(problem["loc"][0]).upper(): problem["msg"].removeprefix("Value error, ")
            for problem in error.errors()
        }
    if places:
        lines = "\n".join(f"  {name}: {reason}" for name, reason in sorted(places.items()))
        raise Invalid(
            f"These settings cannot be used:\n{lines}", code="bad_settings", places=places
        )
    return settings


def _fields() -> list[tuple[str, Any]]:
    return list(Settings.model_fields.items())


def _unknown(name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return "there is no such setting" + (f"; did you mean {close[0]}?" if close else "")


def _kept_secret(folder: Path) -> str:
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f".secret.{secrets.token_hex(8)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link fails where a file exists: of two first starts at once, one key wins for both.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
