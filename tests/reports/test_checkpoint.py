"""Checkpoints are signed notes that only their key makes; both readers of ours agree on them."""

import pytest

from reports.checkpoint import CheckpointError, LogKey, read_checkpoint
from reports.verifier import Checkpoint as Plain
from reports.verifier import WrongError, signed

ROOT = bytes(range(32))
KEY = LogKey.make("hygiene-audit/calm-skin")


def test_a_note_says_origin_size_and_root() -> None:
    found = read_checkpoint(KEY.sign(12, ROOT), KEY.public)

    assert (found.origin, found.size, found.root) == ("hygiene-audit/calm-skin", 12, ROOT)


def test_the_verifier_of_exports_reads_the_same() -> None:
    keys = [LogKey.make("hygiene-audit/calm-skin") for _ in range(20)]

    read = [signed(one.sign(12, ROOT), one.public) for one in keys]

    assert read == [Plain(12, ROOT)] * 20


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n12\n", "\n13\n"),
        ("\n12\n", "\n012\n"),
        ("AAEC", "AAED"),
        ("calm-skin\n", "rough-skin\n"),
        ("\u2014 hygiene", "\u2014 other"),
        ("\u2014", "-"),
        ("\n\n", "\n"),
        ("\n\n", "\nmore\n\n"),
    ],
)
def test_a_changed_note_is_refused_by_both_readers(old: str, new: str) -> None:
    note = KEY.sign(12, ROOT).replace(old, new, 1)

    with pytest.raises(CheckpointError):
        read_checkpoint(note, KEY.public)
    with pytest.raises((WrongError, ValueError)):
        signed(note, KEY.public)


def test_a_note_of_another_key_is_refused() -> None:
    other = LogKey.make("hygiene-audit/calm-skin")

    with pytest.raises(CheckpointError, match="Nobody known here"):
        read_checkpoint(other.sign(12, ROOT), KEY.public)
    with pytest.raises(WrongError, match="not of this journal"):
        signed(other.sign(12, ROOT), KEY.public)


@pytest.mark.parametrize("public", ["", "name", "name+00+!", "name+00000000+AQ=="])
def test_what_is_no_key_checks_nothing(public: str) -> None:
    with pytest.raises(CheckpointError, match="no key"):
        read_checkpoint("name\n1\nAA==\n\n", public)


def test_what_is_no_checkpoint_is_told() -> None:
    for note in ("", "one line", "x" * 5000, "name\nmany\nAA==\n\n"):
        with pytest.raises(CheckpointError):
            read_checkpoint(note, KEY.public)


def test_a_key_is_kept_under_a_passphrase() -> None:
    pem = KEY.to_pem("four calm words here")

    assert LogKey.read(KEY.origin, pem, "four calm words here").public == KEY.public
    with pytest.raises(ValueError, match=r".+"):
        LogKey.read(KEY.origin, pem, "other words")
