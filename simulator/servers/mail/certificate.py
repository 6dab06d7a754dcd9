"""A self-signed certificate, made when the door opens: STARTTLS needs one, and nothing here is secret."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FIRST, LAST = datetime.datetime(2020, 1, 1), datetime.datetime(2120, 1, 1)  # noqa: DTZ001  # X.509 is UTC
"""Valid on any simulated day: the world's clock may stand far from this machine's."""


def self_signed(names: tuple[str, ...]) -> ssl.SSLContext:
    """A server's context with a new key and a certificate for `names` and loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    alternatives = [x509.DNSName(each) for each in (*names, "localhost")]
    loopback = [x509.IPAddress(ipaddress.ip_address(each)) for each in ("127.0.0.1", "::1")]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST)
        .not_valid_after(LAST)
        .add_extension(x509.SubjectAlternativeName([*alternatives, *loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return _context(private + certificate.public_bytes(serialization.Encoding.PEM))


def _context(pem: bytes) -> ssl.SSLContext:
    """`ssl` reads certificates from files only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory(prefix="belfort-") as folder:
        path = Path(folder) / "mail.pem"
        path.touch(mode=0o600)
        path.write_bytes(pem)
        context.load_cert_chain(path)
    return context
