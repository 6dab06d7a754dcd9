"""HTML read as the text it shows, with what is quoted marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.mail_html import shown
from service.wire.mail_quotes import own_words
from tests.effort import in_proportion

ASKED = "<p>Hoe waarschijnlijk is het, van 0 tot 10?</p><p>Liever geen vragen meer? Antwoord STOP.</p>"
HEADS = "<b>Van:</b> Panel &lt;x@survey.test&gt;<br><b>Verzonden:</b> dinsdag<br><b>Aan:</b> Jan<br>"
HEADS += "<b>Onderwerp:</b> Vraag<br>"

REPLIES = {
    "bare": ("<html><body>9</body></html>", "9"),
    "no tags at all": ("een 9", "een 9"),
    "gmail": (
        '<div dir="ltr">9</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        'class="gmail_attr">Op di 24 nov 2026 om 10:12 schreef Panel &lt;<a href="mailto:r-a@survey.test">'
        'r-a@survey.test</a>&gt;:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
        f'border-left:1px solid rgb(204,204,204);padding-left:1ex">{ASKED}</blockquote></div>',
        "9",
    ),
    "gmail, answered below": (
        '<div class="gmail_quote"><div class="gmail_attr">Op 24/11 schreef Panel:<br></div><blockquote>'
        f"{ASKED}"
        "</blockquote></div><div>Een <b>8</b>&nbsp;graag</div>",
        "Een 8 graag",
    ),
    "gmail, signature": (
        '<div>7</div><div><br></div>-- <br><div dir="ltr" class="gmail_signature">Jan<br>Klant 4</div>',
        "7",
    ),
    "apple": (
        f'10<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Verstuurd vanaf mijn iPhone 8</div><div '
        f'dir="ltr"><br><blockquote type="cite">Op 24 nov. 2026 om 10:12 heeft Panel het volgende geschreven:'
        f'<br><br></blockquote></div><blockquote type="cite">{ASKED}</blockquote>',
        "10",
    ),
    "thunderbird": (
        '<body><div class="moz-cite-prefix">Op 24/11/2026 om 10:12 schreef Panel:<br></div>'
        '<blockquote type="cite">'
        f'{ASKED}</blockquote><p>6</p><div class="moz-signature">-- <br>Jan 4</div></body>',
        "6",
    ),
    "outlook for windows": (
        '<div class="WordSection1"><p class="MsoNormal"><span lang="NL-BE">8<o:p></o:p></span></p><p class='
        '"MsoNormal"><o:p>&nbsp;</o:p></p><div><div style='
        '"border:none;border-top:solid #E1E1E1 1.0pt;padding:'
        f'3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{HEADS}</p></div></div>{ASKED}</div>',
        "8",
    ),
    "outlook on the web": (
        '<div class="elementToProof">Ik geef 3</div><div id="appendonsend"></div><hr style='
        '"display:inline-block;'
        f'width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">{HEADS}</div><div>{ASKED}</div>',
        "Ik geef 3",
    ),
    "outlook on the web, answered below": (
        f'<div id="divRplyFwdMsg">{HEADS}</div><div>{ASKED}</div><p>4</p>',
        "4",
    ),
    "outlook for telephones": (
        '<div>5</div><div id="ms-outlook-mobile-signature">Outlook voor <a href="https://aka.ms/9">'
        "Android</a> "
        f'downloaden</div><hr><div id="divRplyFwdMsg">{HEADS}</div>{ASKED}',
        "5",
    ),
    "yahoo": (
        '<div class="ydp1yahoo-style-wrap"><div>9</div></div><div id="ydp2yahoo_quoted_1" '
        'class="yahoo_quoted">'
        f"<div>Op dinsdag schreef Panel:</div><div>{ASKED}</div></div>",
        "9",
    ),
    "proton": (
        f'<div>9</div><div class="protonmail_quote">On Tue Panel wrote:<blockquote>{ASKED}</blockquote>'
        "</div>",
        "9",
    ),
    "styles and scripts": (
        "<style>p{margin:9px}</style><script>var a=3</script><title>5</title><p>2</p>",
        "2",
    ),
    "hidden": ('<p>7</p><div style="display: none; font-size:1px">8</div><span hidden>9</span>', "7"),
    "invisible preview": ('<div style="color:#fff;font-size:0;line-height:0">10</div><p>1</p>', "1"),
    "comments of office": ("<!--[if mso]><p>9</p><![endif]--><p>8</p>", "8"),
    "entities": ("&#57; &eacute;&eacute;n", "9 één"),
    "a table": ("<table><tr><td>Score</td><td>9</td></tr></table>", "Score 9"),
    "digits in pieces": ("<p>1<span>0</span></p>", "10"),
    "lines": ("9<br>want goed", "9\nwant goed"),
    "an emoji as a picture": ('<img alt="9️⃣" src="x"><img alt="logo 5 sterren" src="y">', "9️⃣"),
    "broken": ("<div><p>9<b>!</div></i><td>", "9!"),
    "upper case": ("<HTML><BODY><P>9<BLOCKQUOTE>5</BLOCKQUOTE></BODY></HTML>", "9"),
    "preformatted": ("<pre>9\nzoals altijd\n&gt; 5</pre>", "9\nzoals altijd"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_only_what_the_respondent_wrote_is_read_from_html(name):
    html, own = REPLIES[name]
    assert own_words(shown(html)) == own


@given(st.text(max_size=400) | st.text(alphabet="<>/=\"'&;!-abpdiv \n\x00", max_size=400))
def test_no_html_breaks_it(html):
    assert isinstance(shown(html), str)


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>", "<b><i>", "<a href=x><p>", "<table><td>", "<p " + " ".join(f"a{n}=1" for n in range(90_000)),
        "&lt;", "<!--", "<", "</", '<a b="', "<![CDATA[", "<script>", "<style><!--", "<p>9</p>",
        "<font style='border-top:solid #E1E1E1 1.0pt;'>", "<p class='x x x x x x x x'>", "\x00",
    ],
)  # fmt: skip
def test_no_html_costs_more_than_its_length(hostile):
    assert in_proportion(lambda size: shown(hostile * (size // len(hostile) + 1)), 160_000)
