"""SMPP over TLS between the two programs: the service's certificate is asked for, shown, and judged."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.config import Settings as ServiceSettings
from service.config import SettingsError as ServiceSettingsError
from service.domain.request import Deferred, Submitted
from simulator.config import Settings as SimulatorSettings
from simulator.config import SettingsError
from tests.cross.test_smpp import ANSWERS_TEN, both, question

HERE = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])


def pem(folder: Path, name: str) -> str:
    """A file with a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(HERE, critical=False)
        .sign(key, hashes.SHA256())
    )
    file, form = folder / f"{name}.pem", serialization.Encoding.PEM
    secret = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(form) + secret)
    return str(file)


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    return {name: pem(folder, name) for name in ("centre", "esme", "stranger")}


def door(papers, **more):
    return {"smpp_tls_certificate": papers["centre"], "smpp_tls_key": papers["centre"], **more}


@pytest.mark.parametrize("mode", ["on", "verify"])
@pytest.mark.parametrize(
    ("asked_for", "shown", "outcome"),
    [
        (None, None, Submitted),
        (None, "stranger", Submitted),
        ("esme", "esme", Submitted),
        ("esme", None, Deferred),
        ("esme", "stranger", Deferred),
    ],
)
async def test_a_message_goes_where_the_certificates_are_right(papers, mode, asked_for, shown, outcome):
    simulator = door(papers, smpp_tls_client_ca=papers.get(asked_for))
    own = {"smpp_tls": mode, "smpp_tls_ca": papers["centre"], "smpp_tls_client": papers.get(shown, "")}
    async with both(own=own, **simulator) as (_, gateway, _inbox):
        assert isinstance(await gateway.submit(question(ANSWERS_TEN)), outcome)


async def test_who_speaks_without_tls_is_not_heard_and_harms_nobody(papers):
    own = {"smpp_tls": "verify", "smpp_tls_ca": papers["centre"]}
    async with both(own=own, **door(papers)) as (simulator, gateway, _):
        host, _, port = simulator.smpp_address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(bytes.fromhex("00000010 00000015 00000000 00000001"))
        with suppress(ConnectionError):
            said = await asyncio.wait_for(reader.read(), 10)
            assert b"\x80\x00\x00\x15" not in said  # at most a TLS alert
        writer.close()
        assert isinstance(await gateway.submit(question(ANSWERS_TEN)), Submitted)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"smpp_tls_client_ca": "x.pem"}, "SMPP_TLS_CERTIFICATE as well"),
        ({"smpp_tls_certificate": "x.pem"}, "both a certificate and its key"),
    ],
)
def test_settings_that_do_not_go_together_are_told(settings, told):
    with pytest.raises(SettingsError, match=told):
        SimulatorSettings(**settings)


def test_a_certificate_without_its_key_is_told(tmp_path, papers):
    only = tmp_path / "only.pem"
    only.write_text(Path(papers["esme"]).read_text().partition("-----BEGIN PRIVATE")[0])
    with pytest.raises(ServiceSettingsError, match=r"BELFORT_SMPP_TLS_CLIENT.*certificate and its key"):
        ServiceSettings.read({"BELFORT_SMPP_TLS_CLIENT": str(only)})
