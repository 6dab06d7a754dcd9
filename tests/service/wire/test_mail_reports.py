"""What mail systems report, in form and out of form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire import mail_reports
from service.wire.mail_message import MailError, parse
from service.wire.mail_reports import Report


def report(kind: str, fields: str, boundary: str = "b") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.test\nSubject: x\nContent-Type: multipart/report; report-type={kind}; "
        f"boundary={boundary}\n\n--{boundary}\n\nDe mail kon niet bezorgd worden. 9\n--{boundary}\n"
        f"Content-Type: message/{kind}\n\n{fields}\n\n--{boundary}\nContent-Type: message/rfc822\n\n"
        f"To: Jan <Jan@belfort.test>\nSubject: vraag\n\n0 tot 10?\n--{boundary}--\n"
    ).encode()


def status(*actions: str) -> bytes:
    blocks = [f"Final-Recipient: rfc822; jan@belfort.test\nAction: {each}\nStatus: 5.1.1" for each in actions]
    return report("delivery-status", "Reporting-MTA: dns; mx.test\n\n" + "\n\n".join(blocks))


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (["failed"], Report.FAILED),
        (["FAILED (bad destination)"], Report.FAILED),
        (["error"], Report.FAILED),
        (["delayed"], Report.DELAYED),
        (["relayed"], Report.DELAYED),
        (["delivered"], Report.DELIVERED),
        (["delayed", "failed"], Report.FAILED),
        (["expanded", "delivered"], Report.DELIVERED),
        (["what?"], None),
        ([], None),
    ],
)
def test_a_report_in_form_says_what_became_of_the_mail(actions, said):
    assert mail_reports.read(parse(status(*actions))) is said


@pytest.mark.parametrize(
    ("kind", "said"), [("abuse", Report.COMPLAINT), ("fraud", Report.COMPLAINT), ("not-spam", None)]
)
def test_a_complaint_is_told_from_its_withdrawal(kind, said):
    fields = f"Feedback-Type: {kind}\nUser-Agent: fbl/1\nVersion: 1\nOriginal-Rcpt-To: <piet@belfort.test>"
    assert mail_reports.read(parse(report("feedback-report", fields))) is said


def test_who_complained_stands_in_the_report_or_in_the_mail_it_returns():
    told = parse(report("feedback-report", "Feedback-Type: abuse\nOriginal-Rcpt-To: <piet@belfort.test>"))
    returned = parse(report("feedback-report", "Feedback-Type: abuse"))
    assert mail_reports.complainant(told) == "piet@belfort.test"
    assert "jan@belfort.test" in mail_reports.complainant(returned)
    assert mail_reports.complainant(parse(b"\n9")) == ""


QMAIL = """From: MAILER-DAEMON@mx.test
Subject: failure notice

Hi. This is the qmail-send program at mx.test.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jan@belfort.test>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

"""
EXIM = """From: Mail Delivery System <Mailer-Daemon@mx.test>
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: jan@belfort.test

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  jan@belfort.test
    unrouteable address
"""
WARNING = """From: Mail Delivery System <MAILER-DAEMON@mx.test>
Subject: Warning: could not send message for past 4 hours

The original message was received at Tue, 24 Nov 2026
   ----- The following addresses had transient non-fatal errors -----
jan@belfort.test

   ----- Transcript of session follows -----
Deferred
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [(QMAIL, Report.FAILED), (EXIM, Report.FAILED), ("Subject: x\n\nIk ben er niet\n", None)],
)
def test_bounces_that_predate_the_form_are_known(text, said):
    content = text.encode()
    assert mail_reports.read(parse(content)) is None
    assert mail_reports.guess(parse(content)) is said


def test_a_warning_is_no_failure():
    assert mail_reports.guess(parse(WARNING.encode())) is Report.DELAYED


@given(
    st.lists(
        st.sampled_from([*status("failed").decode().split("\n"), "Action:", "--b", "\x00é", ""]), max_size=30
    )
)
def test_no_report_breaks_it(lines):
    content = "\n".join(lines).encode()
    try:
        mail = parse(content)
    except MailError:
        return
    assert mail_reports.read(mail) in {None, *Report}
    assert mail_reports.guess(mail) in {None, *Report}
    assert isinstance(mail_reports.complainant(mail), str)
