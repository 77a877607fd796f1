"""Asking a time-stamp authority over HTTP: its word is taken, and nothing else."""

import time
from collections.abc import Iterator
from hashlib import sha256

import pytest
from asn1crypto import tsp

from reports.authority import LARGEST_REPLY, NoStampError, ask_at
from tests.reports.time_server import Reply, honest, serving
from tests.reports.timekeeping import LATER, replying

DIGEST = sha256(b"a sealed report").digest()


def with_other_nonce(request: tsp.TimeStampReq) -> Iterator[bytes]:
    request["nonce"] = 7
    yield replying(request, LATER, "Time Authority").dump()


def refused(_: tsp.TimeStampReq) -> Iterator[bytes]:
    # Only the status, as a rejection has no token: sequence, sequence, integer 2.
    yield bytes.fromhex("30053003020102")


def garbled(_: tsp.TimeStampReq) -> Iterator[bytes]:
    yield b"\x30\x05nothing"


def nothing(_: tsp.TimeStampReq) -> Iterator[bytes]:
    yield b""


def endless(_: tsp.TimeStampReq) -> Iterator[bytes]:
    yield bytes(2 * LARGEST_REPLY)


def dripping(_: tsp.TimeStampReq) -> Iterator[bytes]:
    for _ in range(100):
        yield b"\x30"
        time.sleep(0.05)


def test_a_digest_is_stamped() -> None:
    with serving(honest()) as address:
        token = ask_at(address)(DIGEST)

    said = token["content"]["encap_content_info"]["content"].parsed
    assert said["message_imprint"]["hashed_message"].native == DIGEST
    assert said["gen_time"].native == LATER


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (with_other_nonce, "replied to another request"),
        (refused, "refused"),
        (garbled, "cannot be read"),
        (nothing, "cannot be read"),
        (endless, "far too long"),
        (dripping, "takes too long"),
    ],
)
def test_what_is_no_stamp_is_said_in_words(reply: Reply, words: str) -> None:
    with serving(reply) as address, pytest.raises(NoStampError, match=words):
        ask_at(address, patience=1)(DIGEST)


def test_a_page_that_answers_is_no_authority() -> None:
    with (
        serving(honest(), kind="text/html") as address,
        pytest.raises(NoStampError, match="no time-stamp authority"),
    ):
        ask_at(address)(DIGEST)


def test_an_authority_that_is_away_is_said_in_words() -> None:
    with serving(honest()) as address:
        pass

    with pytest.raises(NoStampError, match="cannot be reached"):
        ask_at(address)(DIGEST)
