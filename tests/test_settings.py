"""Settings are read once, and anything wrong with them is said before anything starts."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from audit.errors import Invalid, NotFound
from audit.resources import shipped
from audit.settings import Settings, load_settings
from reports.tokens import TokenAddress

SECRET = "0123456789abcdef" * 2


def test_without_any_setting_everything_is_in_the_folder_var() -> None:
    settings = load_settings({"PATH": "/bin"})

    assert settings.data_dir == Path("var").absolute()
    assert settings.database_url == f"sqlite:///{settings.data_dir / 'audit.sqlite3'}"
    assert settings.evidence_dir == settings.data_dir / "evidence"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.trusted_hosts == ("127.0.0.1",)
    assert settings.seal_key is None


def test_everything_can_be_given(tmp_path: Path) -> None:
    key = tmp_path / "seal.p12"
    key.write_bytes(b"")

    settings = load_settings(
        {
            "AUDIT_DATA_DIR": str(tmp_path),
            "AUDIT_DATABASE_URL": "postgresql+psycopg://audit:pw@db/audit",
            "AUDIT_EVIDENCE_URL": f"file://{tmp_path}/photos",
            "AUDIT_BASE_URL": "https://audits.example.org/",
            "AUDIT_TRUSTED_HOSTS": "audits.example.org, other.example.org,",
            "AUDIT_SECRET_KEY": SECRET,
            "AUDIT_SEAL_KEY": str(key),
            "AUDIT_SEAL_PASSPHRASE": "open up",
        }
    )

    assert settings.evidence_dir == tmp_path / "photos"
    assert settings.base_url == "https://audits.example.org"
    assert settings.trusted_hosts == ("audits.example.org", "other.example.org")
    assert settings.secret_key.get_secret_value() == SECRET
    assert settings.seal_key == key
    assert list(tmp_path.iterdir()) == [key]
    shown = repr(settings)
    assert not any(secret in shown for secret in (SECRET, "open up", "pw@"))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AUDIT_DATA_DIRR", "x", "did you mean AUDIT_DATA_DIR?"),
        ("AUDIT_QQQQ", "x", "there is no such setting"),
        ("AUDIT_DATABASE_URL", "mysql://x", "postgresql+psycopg://"),
        ("AUDIT_DATABASE_URL", "postgresql://x/y", "postgresql+psycopg://"),
        ("AUDIT_DATABASE_URL", "sqlite:///", "name a file"),
        ("AUDIT_DATABASE_URL", "sqlite:///:memory:", "name a file"),
        ("AUDIT_EVIDENCE_URL", "s3://bucket/prefix", "only a directory"),
        ("AUDIT_BASE_URL", "audits.example.org", "whole address"),
        ("AUDIT_SECRET_KEY", "short", "at least 32"),
        ("AUDIT_SEAL_KEY", "/no/such/file", "no such file"),
        ("AUDIT_SEAL_KEY", "pkcs11:token=x", "module-path"),
        ("AUDIT_SEAL_KEY", "pkcs11:token=x;object=y?pin-value=1234", "leave the PIN out"),
    ],
)
def test_a_wrong_setting_is_named_with_its_reason(name: str, value: str, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        load_settings({name: value})

    assert refusal.value.code == "bad_settings"
    assert list(refusal.value.places) == [name]
    assert said in refusal.value.places[name]
    assert name in refusal.value.message


def test_a_key_on_a_token_is_read_from_its_address() -> None:
    written = "pkcs11:token=Clinic;object=seal?module-path=/usr/lib/softhsm/libsofthsm2.so"

    settings = load_settings({"AUDIT_SEAL_KEY": written, "AUDIT_SEAL_PASSPHRASE": "1234"})

    assert isinstance(settings.seal_key, TokenAddress)
    assert str(settings.seal_key) == "pkcs11:token=Clinic;object=seal"
    assert settings.seal_key.token == (("token", "Clinic"),)


def test_a_key_on_a_token_needs_its_pin() -> None:
    address = "pkcs11:token=Clinic;object=seal?module-path=/usr/lib/softhsm/libsofthsm2.so"

    with pytest.raises(Invalid, match="needs the token's PIN") as refusal:
        load_settings({"AUDIT_SEAL_KEY": address})

    assert list(refusal.value.places) == ["AUDIT_SEAL_PASSPHRASE"]


def test_a_pin_in_an_address_is_not_repeated() -> None:
    with pytest.raises(Invalid) as refusal:
        load_settings({"AUDIT_SEAL_KEY": "pkcs11:token=x;object=y;pin-value=98765"})

    assert "98765" not in refusal.value.message


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        load_settings({"AUDIT_NONSENSE": "x", "AUDIT_BASE_URL": "x", "AUDIT_SECRET_KEY": "x"})

    assert set(refusal.value.places) == {"AUDIT_NONSENSE", "AUDIT_BASE_URL", "AUDIT_SECRET_KEY"}


def test_an_empty_setting_counts_as_not_given() -> None:
    settings = load_settings({"AUDIT_DATABASE_URL": "", "AUDIT_SEAL_KEY": ""})

    assert settings.database_url.startswith("sqlite:///")


def test_only_what_is_handed_in_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "/elsewhere")
    monkeypatch.setenv("AUDIT_DATA_DIR", "/elsewhere")

    settings = load_settings({})

    assert settings.data_dir == Path("var").absolute()


def test_settings_cannot_be_changed() -> None:
    settings = load_settings({})

    with pytest.raises(ValidationError):
        settings.base_url = "https://elsewhere.example.org"


def test_the_secret_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    given = {"AUDIT_DATA_DIR": str(tmp_path / "new")}

    first = load_settings(given).secret_key.get_secret_value()
    second = load_settings(given).secret_key.get_secret_value()

    kept = tmp_path / "new" / "secret.key"
    assert first == second == kept.read_text("ascii")
    assert len(first) == 64
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert list(kept.parent.iterdir()) == [kept]


def test_two_first_starts_at_once_agree_on_one_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.key").write_text(SECRET, encoding="ascii")
    exists = Path.exists
    # The other start has not finished yet when this one looks.
    monkeypatch.setattr(Path, "exists", lambda path: path.name != "secret.key" and exists(path))

    secret = load_settings({"AUDIT_DATA_DIR": str(tmp_path)}).secret_key

    assert secret.get_secret_value() == SECRET
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_shipped_folders_are_found_wherever_this_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert shipped("checklists").is_dir()


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(NotFound, match="nothing-of-this-name"):
        shipped("nothing-of-this-name")
