"""The SMPP door's options by the settings."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

from simulator.config import PREFIX, Settings, SettingsError
from simulator.servers.smpp.options import Bounds, Options
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.parts import Way
from simulator.wire.smpp.receipt import DIALECTS
from simulator.wire.smpp.timers import Timers

ALPHABETS: Mapping[str, Alphabet] = {
    "gsm": Alphabet.GSM,
    "ascii": Alphabet.ASCII,
    "latin-1": Alphabet.LATIN_1,
    "packed": Alphabet.PACKED,
}
WAYS: Mapping[str, Way] = {"udh-8": Way.UDH_8, "udh-16": Way.UDH_16, "sar": Way.SAR, "payload": Way.PAYLOAD}


def smpp_options(settings: Settings) -> Options:
    """SettingsError when certificate and key cannot be used."""
    return Options(
        accounts={settings.smpp_system_id: settings.smpp_password, **dict(settings.smpp_accounts)},
        short_number=settings.short_number,
        dialect=DIALECTS[settings.smpp_receipts],
        alphabet=ALPHABETS[settings.smpp_alphabet],
        way=WAYS[settings.smpp_long_replies],
        timers=Timers(
            init=settings.idle_deadline,
            enquire=settings.smpp_enquire,
            inactivity=settings.smpp_inactivity,
            response=settings.smpp_response,
        ),
        bounds=Bounds(connections=settings.max_connections, window=settings.smpp_window),
        keep_pdus=settings.smpp_pdus,
        tls=_tls(settings),
    )


def _tls(settings: Settings) -> ssl.SSLContext | None:
    certificate, key = settings.smpp_tls_certificate, settings.smpp_tls_key
    if certificate is None or key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(
            f"{PREFIX}SMPP_TLS_CERTIFICATE: {certificate} and {key} cannot be used: {error}"
        ) from None
    if settings.smpp_tls_client_ca is not None:
        _ask_for_certificates(context, settings.smpp_tls_client_ca)
    return context


def _ask_for_certificates(context: ssl.SSLContext, signed_by: str) -> None:
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_verify_locations(signed_by)
    except OSError as error:
        raise SettingsError(f"{PREFIX}SMPP_TLS_CLIENT_CA: {signed_by} cannot be used: {error}") from None
