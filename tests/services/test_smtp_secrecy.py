"""Mail by SMTP is encrypted for the right server, and logs in, or does not go out."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.services.mail_servers import Inbox, outcome, sent_to
from tests.services.world import run


@dataclass(frozen=True)
class Certificates:
    """A certificate authority of the test's own, and what a server needs to speak under a name."""

    ca: Path
    here: ssl.SSLContext
    elsewhere: ssl.SSLContext


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    authority, path = trustme.CA(), tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))

    def context(name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    return Certificates(path, context("127.0.0.1"), context("mail.example.com"))


def test_the_connection_is_encrypted_when_the_url_does_not_say_otherwise(certificates: Certificates) -> None:
    inbox = Inbox()
    url = f"smtp://127.0.0.1:PORT?ca={quote(str(certificates.ca))}"

    assert sent_to(inbox, url, tls_context=certificates.here, require_starttls=True) is None

    assert len(inbox.envelopes) == 1


def test_a_server_can_be_encrypted_from_the_first_byte(certificates: Certificates) -> None:
    inbox = Inbox()

    assert sent_to(inbox, f"smtps://127.0.0.1:PORT?ca={quote(str(certificates.ca))}", ssl=certificates.here) is None

    assert len(inbox.envelopes) == 1


def test_a_server_without_encryption_gets_no_mail() -> None:
    inbox = Inbox()

    failure = sent_to(inbox, "smtp://127.0.0.1:PORT")

    assert failure is not None
    assert failure.code == "unavailable"
    assert "offers no encryption (STARTTLS); name it as smtps://, or add ?tls=no" in failure.message
    assert inbox.envelopes == []


def test_a_certificate_nobody_vouches_for_gets_no_mail(certificates: Certificates) -> None:
    for url, options in (
        ("smtp://127.0.0.1:PORT", {"tls_context": certificates.here}),
        ("smtps://127.0.0.1:PORT", {"ssl": certificates.here}),
    ):
        failure = sent_to(inbox := Inbox(), url, **options)

        assert failure is not None
        assert failure.code == "unavailable"
        assert "has a certificate that cannot be trusted" in failure.message
        assert "ca=FILE" in failure.message
        assert inbox.envelopes == []


def test_a_certificate_for_another_name_gets_no_mail(certificates: Certificates) -> None:
    ca = quote(str(certificates.ca))
    for url, options in (
        (f"smtp://127.0.0.1:PORT?ca={ca}", {"tls_context": certificates.elsewhere}),
        (f"smtps://127.0.0.1:PORT?ca={ca}", {"ssl": certificates.elsewhere}),
    ):
        failure = sent_to(Inbox(), url, **options)

        assert failure is not None
        assert "has a certificate that cannot be trusted (IP address mismatch" in failure.message


def test_a_server_that_speaks_plainly_where_encryption_was_due_is_told_apart() -> None:
    failure = sent_to(Inbox(), "smtps://127.0.0.1:PORT?timeout=5")

    assert failure is not None
    assert failure.code == "unavailable"
    assert "does not encrypt as expected; check port and smtp or smtps" in failure.message


def test_certificates_that_cannot_be_read_are_a_clear_failure(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nonsense")
    for name in ("ca.pem", "none.pem"):
        failure = run(outcome(f"smtps://127.0.0.1:1?ca={tmp_path / name}"))
        assert failure is not None
        assert failure.code == "unavailable"
        assert "cannot be read" in failure.message


def log_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword) -> AuthResult:
    right = (data.login, data.password) == (b"me@here", b"hunter2:/?#@ \xc3\xa4")
    return AuthResult(success=right, handled=False)


def test_a_login_opens_the_server(certificates: Certificates) -> None:
    inbox = Inbox()
    password = quote("hunter2:/?#@ ä", safe="")
    url = f"smtp://me%40here:{password}@127.0.0.1:PORT?ca={quote(str(certificates.ca))}"

    failure = sent_to(inbox, url, tls_context=certificates.here, authenticator=log_in, auth_required=True)

    assert failure is None
    assert len(inbox.envelopes) == 1


def test_a_refused_login_is_no_fault_of_the_mail_and_says_what_to_check(certificates: Certificates) -> None:
    url = f"smtp://me:hunter2@127.0.0.1:PORT?ca={quote(str(certificates.ca))}"

    failure = sent_to(Inbox(), url, tls_context=certificates.here, authenticator=log_in, auth_required=True)

    assert failure is not None
    assert failure.code == "unavailable"
    assert "refuses the login (535); check the user name and password" in failure.message


def test_a_server_that_wants_a_login_is_not_mistaken_for_one_that_refuses_the_mail(certificates: Certificates) -> None:
    url = f"smtp://127.0.0.1:PORT?ca={quote(str(certificates.ca))}"

    failure = sent_to(Inbox(), url, tls_context=certificates.here, authenticator=log_in, auth_required=True)

    assert failure is not None
    assert failure.code == "unavailable"
    assert "530" in failure.message
    assert "check user name, password" in failure.message


def test_a_server_that_knows_no_login_is_told_apart() -> None:
    failure = sent_to(Inbox(), "smtp://me:hunter2@127.0.0.1:PORT?tls=no")

    assert failure is not None
    assert failure.code == "unavailable"
    assert "offers no login" in failure.message
