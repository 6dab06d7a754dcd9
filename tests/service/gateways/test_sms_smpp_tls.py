"""SMPP over TLS: encrypted, and with a certificate that holds or does not."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.config import Settings, SettingsError
from service.domain.request import Deferred, Submitted
from service.gateways.choice import chosen
from tests.service.gateways import centre as stub
from tests.service.gateways.smpp.esme import Inbox, question, running
from tests.service.rig import open_rig


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


def certificate(folder: Path, address: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "centre")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "centre.pem", folder / "centre.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def gateway_of(rig, port: int, **settings: str):
    read = Settings.read({f"BELFORT_{name.upper()}": value for name, value in settings.items()})
    read = replace(read, gateway="smpp", smpp_port=port, gateway_deadline=2.0)
    (sms,) = chosen(read, rig.means())
    return sms.gateway


@pytest.mark.parametrize("mode", ["on", "verify"])
async def test_messages_go_over_tls(rig, tmp_path, mode):
    public, context = certificate(tmp_path)
    async with stub.open_centre(context) as centre:
        gateway = gateway_of(rig, centre.port, smpp_tls=mode, smpp_tls_ca=str(public))
        async with running(gateway, Inbox()):
            assert await gateway.submit(question(rig)) == Submitted("1")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2"])
async def test_a_certificate_that_does_not_hold_is_refused(rig, tmp_path, address):
    public, context = certificate(tmp_path, address)
    trusted = "" if address == "127.0.0.1" else str(public)  # a stranger's, or one for another address
    async with stub.open_centre(context) as centre:
        gateway = gateway_of(rig, centre.port, smpp_tls="verify", smpp_tls_ca=trusted)
        async with running(gateway, Inbox()):
            assert await gateway.submit(question(rig)) == Deferred("no session")
    assert centre.seen == []
    assert b"SSLCertVerificationError" in rig.lines.getvalue()


async def test_a_centre_without_tls_is_not_spoken_to(rig):
    async with stub.open_centre() as centre:
        gateway = gateway_of(rig, centre.port, smpp_tls="on")
        async with running(gateway, Inbox()):
            assert await gateway.submit(question(rig)) == Deferred("no session")
    assert not any(b"secret08" in seen.raw for seen in centre.seen)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("GATEWAY", "soap", "enco, smpp"),
        ("SMPP_SYSTEM_ID", "x" * 16, "at most 15"),
        ("SMPP_PASSWORD", "ninechars", "at most 8"),
        ("SMPP_SESSIONS", "0", "from 1 to 64"),
        ("SMPP_TLS", "maybe", "off, on, verify"),
        ("SMPP_TLS_CA", "/nowhere.pem", "a PEM file"),
        ("SHORT_NUMBER", "+8937", "digits"),
    ],
)
def test_a_wrong_setting_is_told(name, text, told):
    with pytest.raises(SettingsError, match=f"BELFORT_{name}.*{told}") as caught:
        Settings.read({f"BELFORT_{name}": text})
    assert "ninechars" not in str(caught.value)
