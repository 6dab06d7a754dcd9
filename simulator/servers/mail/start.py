"""The mail door's options by the settings."""

from __future__ import annotations

import ssl

from simulator.config import PREFIX, Settings, SettingsError
from simulator.people.mailboxes import HOME
from simulator.servers.mail.certificate import self_signed
from simulator.servers.mail.options import HOST, Bounds, Options


def mail_options(settings: Settings) -> Options:
    """SettingsError when certificate and key cannot be used."""
    return Options(
        domains=frozenset({HOME, *settings.smtp_domains}),
        accounts=dict(settings.smtp_accounts),
        auth=settings.smtp_auth,
        tls=_tls(settings),
        tls_required=settings.smtp_tls == "required",
        greylist=settings.smtp_greylist,
        replies=settings.smtp_goes_to,
        bounds=Bounds(
            connections=settings.max_connections,
            mail_octets=settings.smtp_size_limit,
            recipients=settings.smtp_recipients,
            idle=settings.smtp_idle,
        ),
    )


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.smtp_tls == "off":
        return None
    certificate, key = settings.smtp_tls_certificate, settings.smtp_tls_key
    if certificate is None or key is None:
        return self_signed((HOST, HOME))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(
            f"{PREFIX}SMTP_TLS_CERTIFICATE: {certificate} and {key} cannot be used: {error}"
        ) from None
    return context
