"""A seal key on a token (PKCS#11): it is used where it lies and never leaves.

The token's own module is started for each use and stopped after it. A module keeps what it saw at
its start, so one that runs on would not find a token that was away and is back, nor survive a fork.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote_to_bytes

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pkcs11 import (
    Attribute,
    KeyType,
    Mechanism,
    ObjectClass,
    PKCS11Error,
    Session,
    SignMixin,
    TokenFlag,
)
from pkcs11.util.ec import encode_ecdsa_signature

from reports.chains import chain_above
from reports.seal import WRONG_KIND, SealKey, UnusableKeyError, ensure_usable

if TYPE_CHECKING:
    from pkcs11 import _pkcs11

SCHEME = "pkcs11:"

_OF_TOKEN: dict[str, Callable[[pkcs11.Token], str]] = {
    "token": lambda token: token.label,
    "serial": lambda token: token.serial.decode(errors="replace"),
    "manufacturer": lambda token: token.manufacturer_id,
    "model": lambda token: token.model,
    "slot-id": lambda token: str(token.slot.slot_id),
}
_KNOWN = (*_OF_TOKEN, "object", "id", "type", "module-path")

_WRONG_PIN = (
    "The PIN is wrong. It was tried once and will not be tried again, because tokens lock "
    "themselves: correct the passphrase of the seal key, then start again."
)
_NEW_PIN = "The token wants a new PIN first: set one with its own software, then start again."
# One attempt each: none of these gets better by trying.
_PIN_REFUSALS: dict[type[PKCS11Error], str] = {
    pkcs11.PinIncorrect: _WRONG_PIN,
    pkcs11.PinInvalid: _WRONG_PIN,
    pkcs11.PinLenRange: _WRONG_PIN,
    pkcs11.PinExpired: _NEW_PIN,
    pkcs11.UserPinNotInitialized: _NEW_PIN,
    pkcs11.PinLocked: (
        "The token has locked itself after wrong PINs: unlock it with its own software, then "
        "start again."
    ),
}
_LAST_TRY = (
    "One more wrong PIN would lock the token, so it is not tried here: sign in to the token once "
    "with its own software, then try again."
)
_FOREIGN = (
    "The certificate beside the key on the token was issued for another key: store the one that "
    "was issued for this key."
)
_TRIAL = b"Which of the certificates on this token is for this key?"

# The modules belong to the whole process: two uses at once would sign each other in and out.
_ONE_AT_A_TIME = Lock()
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAddress:
    """Where a key lies, as its address (RFC 7512) says; `name` is all of that but the module."""

    name: str
    module: str
    token: tuple[tuple[str, str], ...]
    label: str | None
    id: bytes | None

    def __str__(self) -> str:
        return self.name


def read_token_address(written: str) -> TokenAddress:
    """Read an address, pkcs11:token=…;object=…?module-path=…; ValueError says what to mend."""
    name, _, query = written.partition("?")
    parts = dict(_parts([*name.removeprefix(SCHEME).split(";"), *query.split("&")]))
    module = parts.get("module-path", b"").decode(errors="replace")
    if not Path(module).is_absolute():
        raise ValueError("name the token's module by its whole path: …?module-path=/…/module.so")
    token = tuple(
        (name, parts[name].decode(errors="replace")) for name in _OF_TOKEN if name in parts
    )
    if not token:
        raise ValueError("name the token, with token=… or serial=…")
    if not parts.keys() & {"object", "id"}:
        raise ValueError("name the key on the token, with object=… or id=…")
    if parts.get("type", b"private") != b"private":
        raise ValueError("the key that seals is type=private")
    label = parts["object"].decode(errors="replace") if "object" in parts else None
    return TokenAddress(name=name, module=module, token=token, label=label, id=parts.get("id"))


def _parts(given: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield names and decoded values; ValueError for what a seal key's address cannot hold."""
    seen = set()
    for part in filter(None, given):
        name, equals, value = part.partition("=")
        if name.startswith("pin-"):
            raise ValueError(
                "leave the PIN out of the address: it is given apart, as the passphrase of the key"
            )
        if not equals or name not in _KNOWN:
            raise ValueError(f"“{name}” is not understood; known are {', '.join(_KNOWN)}")
        if name in seen:
            raise ValueError(f"{name} is given twice")
        seen.add(name)
        yield name, unquote_to_bytes(value)


class Token:
    """The token at an address, opened with its PIN; a PIN that was wrong is never tried again."""

    def __init__(self, address: TokenAddress, pin: str) -> None:
        self.address = address
        self._pin = pin
        self._refused = ""
        self._fits: dict[x509.Certificate, bool] = {}

    def load(self, now: datetime) -> "TokenKey":
        """Return the key with its certificate, and the chain above it as far as it is there.

        Of several certificates for the key it is one that is valid `now`, and lasts longest.
        """
        return self._use(lambda session: self._read(session, now))

    def sign(self, data: bytes, certificate: x509.Certificate) -> bytes:
        """Return the key's signature over `data`, which `certificate` bears out."""
        made = self._use(lambda session: self._sign(self._key(session), data))
        if not _bears_out(certificate, made, data):
            raise UnusableKeyError(_FOREIGN)
        return made

    def _use(self, act: Callable[[Session], _Found]) -> _Found:
        """Do `act`, once more when the token fails: it may have been away, its connection cut."""
        with _ONE_AT_A_TIME:
            try:
                return self._once(act)
            except PKCS11Error:
                pass
            try:
                return self._once(act)
            except PKCS11Error as error:
                raise _failing(error) from error

    def _once(self, act: Callable[[Session], _Found]) -> _Found:
        if self._refused:
            raise UnusableKeyError(self._refused)
        module = _started(self.address.module)
        try:
            with self._opened(self._found(module)) as session:
                return act(session)
        except tuple(_PIN_REFUSALS) as error:
            self._refused = _PIN_REFUSALS[type(error)]
            raise UnusableKeyError(self._refused) from error
        finally:
            with suppress(PKCS11Error):
                module.finalize()

    def _opened(self, token: pkcs11.Token) -> Session:
        try:
            return token.open(user_pin=self._pin)
        except tuple(_PIN_REFUSALS):
            raise
        except PKCS11Error as error:
            # Refused here and now: some tokens have no better word for a wrong PIN.
            raise _failing(error) from error

    def _found(self, module: "_pkcs11.lib") -> pkcs11.Token:
        """Return the one token that is meant, when its PIN may be tried."""
        meant = [token for token in _present(module) if self._is_meant(token)]
        if not meant:
            raise UnusableKeyError("There is no such token: plug it in, or correct its address.")
        if len(meant) > 1:
            raise UnusableKeyError("Several tokens are called so: add serial=… to the address.")
        if TokenFlag.USER_PIN_FINAL_TRY in meant[0].flags:
            raise UnusableKeyError(_LAST_TRY)
        return meant[0]

    def _is_meant(self, token: pkcs11.Token) -> bool:
        return all(_OF_TOKEN[name](token) == value for name, value in self.address.token)

    def _key(self, session: Session) -> SignMixin:
        wanted: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
        if self.address.label is not None:
            wanted[Attribute.LABEL] = self.address.label
        if self.address.id is not None:
            wanted[Attribute.ID] = self.address.id
        found = [one for one in session.get_objects(wanted) if isinstance(one, SignMixin)]
        if not found:
            raise UnusableKeyError(
                "The token holds no such private key to sign with: correct object=… or id=… in "
                "the address."
            )
        if len(found) > 1:
            raise UnusableKeyError("The token holds several such keys: add id=… to the address.")
        return found[0]

    def _read(self, session: Session, now: datetime) -> "TokenKey":
        key = self._key(session)
        held = list(_certificates(session))
        beside = [one.certificate for one in held if one.is_beside(key)]
        if not beside:
            raise UnusableKeyError(
                "The token holds the key, but no certificate for it: store its certificate there, "
                "under the same id or label."
            )
        fitting = [one for one in beside if self._is_for(one, key)]
        if not fitting:
            raise UnusableKeyError(_FOREIGN)
        best = max(fitting, key=lambda one: (_is_valid(one, now), one.not_valid_after_utc))
        chain = chain_above(ensure_usable(best), [one.certificate for one in held])
        return TokenKey(certificate=best, chain=chain, token=self)

    def _is_for(self, certificate: x509.Certificate, key: SignMixin) -> bool:
        """Say whether the certificate is for the key: few tokens show the public part of one."""
        if certificate not in self._fits:
            self._fits[certificate] = _bears_out(certificate, self._sign(key, _TRIAL), _TRIAL)
        return self._fits[certificate]

    def _sign(self, key: SignMixin, data: bytes) -> bytes:
        """Sign in the ways that every token knows; some keys want the PIN for each signature."""
        told = key.get_attributes([Attribute.KEY_TYPE, Attribute.ALWAYS_AUTHENTICATE])
        again = {"pin": self._pin} if told.get(Attribute.ALWAYS_AUTHENTICATE) else {}
        match told[Attribute.KEY_TYPE]:
            case KeyType.EC:
                hashed = sha256(data).digest()
                return encode_ecdsa_signature(key.sign(hashed, mechanism=Mechanism.ECDSA, **again))
            case KeyType.RSA:
                return key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS, **again)
            case _:
                raise UnusableKeyError(WRONG_KIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey(SealKey):
    """A seal key that stays on its token."""

    token: Token = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """Have the token sign."""
        return self.token.sign(data, self.certificate)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A certificate on a token, and what it is called there."""

    id: bytes
    label: str
    certificate: x509.Certificate

    def is_beside(self, key: SignMixin) -> bool:
        """Say whether it is stored as the one of `key`."""
        told = key.get_attributes([Attribute.ID, Attribute.LABEL])
        same_id = bool(self.id) and self.id == told.get(Attribute.ID)
        return same_id or (bool(self.label) and self.label == told.get(Attribute.LABEL))


def _failing(error: PKCS11Error) -> UnusableKeyError:
    return UnusableKeyError(
        f"The token fails ({type(error).__name__}): see that it is plugged in and that its own "
        "software works with it, then try again."
    )


def _started(path: str) -> "_pkcs11.lib":
    if not Path(path).is_file():
        raise UnusableKeyError(
            f"There is no module {path}: install the token's own software, or correct module-path."
        )
    try:
        return pkcs11.lib(path)
    except PKCS11Error as error:
        raise UnusableKeyError(
            f"The module {path} does not start ({str(error) or type(error).__name__}): see that "
            "the token's own software works on this machine, or correct module-path."
        ) from error


def _present(module: "_pkcs11.lib") -> Iterator[pkcs11.Token]:
    for slot in module.get_slots(token_present=True):
        # Taken away just now, or not understood: then it is not there.
        with suppress(pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised):
            yield slot.get_token()


def _certificates(session: Session) -> Iterator[_Held]:
    """Yield what is on the token and can be read; others than X.509 seal nothing."""
    names = [Attribute.ID, Attribute.LABEL, Attribute.VALUE]
    for one in list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})):
        told = one.get_attributes(names)
        with suppress(ValueError):
            yield _Held(
                id=told.get(Attribute.ID, b""),
                label=told.get(Attribute.LABEL, ""),
                certificate=x509.load_der_x509_certificate(told.get(Attribute.VALUE, b"")),
            )


def _is_valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _bears_out(certificate: x509.Certificate, made: bytes, data: bytes) -> bool:
    public = certificate.public_key()
    try:
        match public:
            case ec.EllipticCurvePublicKey():
                public.verify(made, data, ec.ECDSA(hashes.SHA256()))
            case rsa.RSAPublicKey():
                public.verify(made, data, padding.PKCS1v15(), hashes.SHA256())
            case _:
                return False
    except InvalidSignature:
        return False
    return True
