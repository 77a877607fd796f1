"""A key on a token, given by the settings as an owner writes them."""

import subprocess
from datetime import UTC, datetime

import pytest
from click.testing import Result

from audit.app import create_app
from audit.cli.serving import _try_given_key
from audit.settings import load_settings
from tests.cli.conftest import PROGRAM, Bench, surroundings
from tests.cli.small_files import CHECKLIST, GOOD, HEAD, write
from tests.reports.test_seal import YEAR
from tests.reports.test_tokens import issued
from tests.soft_tokens import PIN, SoftTokens


@pytest.fixture
def stocked(drawer: SoftTokens) -> SoftTokens:
    """The drawer, its token holding a key and a certificate that is valid today."""
    drawer.store(issued(drawer.make_key(), begins=datetime.now(UTC) - YEAR))
    return drawer


def given(tokens: SoftTokens, pin: str = PIN) -> dict[str, str]:
    return {"AUDIT_SEAL_KEY": tokens.address(), "AUDIT_SEAL_PASSPHRASE": pin}


def make(bench: Bench, **settings: str) -> Result:
    responses = write(bench.folder / "responses.yaml", HEAD + GOOD)
    checklist = write(bench.folder / "small.yaml", CHECKLIST)
    asked = ("report", "make", "--checklist", checklist, "--responses", responses)
    return bench.run(*asked, "--out", bench.out, **settings)


def serve(bench: Bench, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start the server as far as it gets; it never serves here."""
    return subprocess.run(
        [PROGRAM, "serve", "--port", "8479"],
        env=surroundings(bench.data, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_report_is_made_with_a_key_on_a_token_and_verifies_without_it(
    bench: Bench, stocked: SoftTokens
) -> None:
    done = make(bench, **given(stocked))

    stocked.take_away()
    told = bench.run("report", "verify", bench.out, **given(stocked))
    assert done.exit_code == 0
    assert told.exit_code == 0
    assert "PASSED" in told.stdout
    assert "Clinic Seal" in told.stdout
    assert not list(bench.data.glob("keys/*.p12"))


def test_a_wrong_pin_ends_in_one_sentence_and_no_report(bench: Bench, stocked: SoftTokens) -> None:
    done = make(bench, **given(stocked, "wrong-pin"))

    assert done.exit_code == 3
    assert done.stderr.splitlines()[-1].startswith(
        "The seal key pkcs11:token=Clinic;object=seal cannot"
    )
    assert "The PIN is wrong. It was tried once" in done.stderr
    assert "wrong-pin" not in done.output
    assert not bench.out.exists()


@pytest.mark.parametrize(
    ("pin", "key", "said"),
    [
        ("wrong-pin", "object=seal", "The PIN is wrong."),
        (PIN, "object=other", "The token holds no such private key"),
    ],
)
def test_a_server_with_a_key_that_cannot_seal_does_not_start(
    bench: Bench, stocked: SoftTokens, pin: str, key: str, said: str
) -> None:
    settings = {"AUDIT_SEAL_KEY": stocked.address(key), "AUDIT_SEAL_PASSPHRASE": pin}

    done = serve(bench, **settings)

    assert done.returncode == 3
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


def test_a_server_whose_key_has_run_out_says_so_and_serves_on(
    bench: Bench, stocked: SoftTokens, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings({"AUDIT_DATA_DIR": str(bench.data), **given(stocked)})
    app = create_app(settings, clock=lambda: datetime.now(UTC) + 3 * YEAR)

    _try_given_key(app)

    assert capsys.readouterr().out.startswith("No report can be issued: The certificate of Clinic")
