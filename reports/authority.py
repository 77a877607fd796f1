"""Asks a time-stamp authority over HTTP for its word (RFC 3161) that a digest existed."""

import secrets
import time
from http.client import HTTPException, HTTPResponse
from urllib.request import Request, urlopen

from asn1crypto import cms, core, tsp

from reports.stamps import AskForStamp

# A token with its certificates has eight kilobytes at most.
LARGEST_REPLY = 64 * 1024
_PIECE = 4096
_GRANTED = ("granted", "granted_with_mods")
_KIND = "application/timestamp-reply"


class NoStampError(Exception):
    """There is no stamp to be had now; the words say why."""


def ask_at(url: str, *, patience: float = 20.0) -> AskForStamp:
    """Return what asks the authority at `url`, for `patience` seconds; it raises NoStampError."""

    def ask(digest: bytes) -> cms.ContentInfo:
        nonce, request = _request(digest)
        reply = _post(url, request.dump(), time.monotonic() + patience)
        try:
            _insist_granted(reply)
            token: cms.ContentInfo = tsp.TimeStampResp.load(reply)["time_stamp_token"]
            repeated = token["content"]["encap_content_info"]["content"].parsed["nonce"].native
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NoStampError("The reply of the time-stamp authority cannot be read.") from error
        if repeated != nonce:
            raise NoStampError("The time-stamp authority replied to another request.")
        return token

    return ask


def _request(digest: bytes) -> tuple[int, tsp.TimeStampReq]:
    """Return a request for SHA-256 `digest`, and the number its reply must repeat."""
    nonce = secrets.randbits(63)
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    asked = {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return nonce, tsp.TimeStampReq(asked)


def _insist_granted(reply: bytes) -> None:
    """Read the status alone: a refusal brings no token, so it is no whole reply to the library."""
    status = tsp.PKIStatusInfo.load(core.Sequence.load(reply)[0].dump())
    if status["status"].native not in _GRANTED:
        why = "; ".join(status["status_string"].native or [status["status"].native])
        raise NoStampError(f"The time-stamp authority refused: {why}.")


def _post(url: str, body: bytes, until: float) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": _KIND}
    request = Request(url, data=body, headers=headers)  # noqa: S310 - the settings take http(s) only
    try:
        with urlopen(request, timeout=until - time.monotonic()) as response:  # noqa: S310 - as above
            if response.headers.get_content_type() != _KIND:
                raise NoStampError("What answers there is no time-stamp authority.")
            return _read(response, until)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise NoStampError(f"The time-stamp authority cannot be reached: {reason}") from error


def _read(response: HTTPResponse, until: float) -> bytes:
    """Read a reply that is neither too long nor too slow."""
    reply = b""
    while piece := response.read1(_PIECE):
        reply += piece
        if len(reply) > LARGEST_REPLY:
            raise NoStampError("The reply of the time-stamp authority is far too long.")
        if time.monotonic() > until:
            raise NoStampError("The reply of the time-stamp authority takes too long.")
    return reply
