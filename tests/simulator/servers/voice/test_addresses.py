"""Which addresses a call may ask: this machine, and the origins of the settings."""

from __future__ import annotations

import pytest

from simulator.servers.voice.fetch import Addresses

CONTROL = 8033
NOBODY = Addresses((), lambda: (CONTROL,))
LISTED = Addresses(("https://survey.example:8443", "http://10.1.2.3"), lambda: (CONTROL,))


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://192.168.1.1:8080/x",
        "http://169.254.169.254/latest/meta-data",
        "http://172.16.0.1/",
        "http://0.0.0.0:1/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://127.0.0.1.example.test/",
        "http://localhost.example.test/",
        "http://127.0.0.1@10.0.0.1/",
        "http://10.0.0.1#@127.0.0.1/",
        "http://10.0.0.1\\@127.0.0.1/",
        "https://example.test/",
        f"http://127.0.0.1:{CONTROL}/control/v1/reset",
        f"http://localhost:{CONTROL}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//127.0.0.1/",
        "",
        "http://",
        "http://[::1",
    ],
)
def test_only_this_machine_may_be_asked_unless_the_settings_say_more(url):
    assert NOBODY.permits(url) is False


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x?y=1", "http://localhost:8032/", "http://[::1]:8032/"])
def test_this_machine_may_be_asked(url):
    assert NOBODY.permits(url) is True


@pytest.mark.parametrize(
    ("url", "permitted"),
    [
        ("https://survey.example:8443/voice?x=1", True),
        ("http://10.1.2.3/voice", True),
        ("https://survey.example/voice", False),
        ("http://survey.example:8443/voice", False),
        ("https://survey.example.evil.test:8443/", False),
        ("http://10.1.2.4/voice", False),
    ],
)
def test_origins_of_the_settings_may_be_asked_and_nothing_that_looks_like_them(url, permitted):
    assert LISTED.permits(url) is permitted


@pytest.mark.parametrize(
    ("address", "name", "port"),
    [
        ("169.254.169.254", "survey.example", 8443),
        ("0.0.0.0", "survey.example", 8443),  # noqa: S104  # where nobody is
        ("224.0.0.1", "survey.example", 8443),
        ("fe80::1%eth0", "survey.example", 8443),
        ("10.0.0.1", "localhost", 80),
        ("127.0.0.1", "survey.example", CONTROL),
    ],
)
def test_what_a_name_resolves_to_is_looked_at_again(address, name, port):
    with pytest.raises(OSError, match="resolves to an address that"):
        LISTED.check(address, name, port)


def test_a_listed_name_may_be_a_private_address():
    LISTED.check("10.9.9.9", "survey.example", 8443)
    LISTED.check("127.0.0.1", "localhost", 8032)
