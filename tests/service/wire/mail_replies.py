"""Replies as mail programs of four languages write them: what arrives, and what the respondent wrote of it.

Made up after what these programs do; nobody's mail. `QUESTION` is how our own mail reads in plain text.
"""

from __future__ import annotations

QUESTION = """Hoe waarschijnlijk is het, van 0 tot 10, dat u ons aanbeveelt aan een vriend?

Antwoord op deze e-mail met een cijfer van 0 tot 10.

--\x20
Klantenpanel
Liever geen vragen meer? Antwoord STOP."""

FRENCH = """De 0 à 10, nous recommanderiez-vous à un ami ?

Répondez à cet e-mail par un chiffre de 0 à 10.

--\x20
Panel clients
Vous ne souhaitez plus recevoir de questions ? Répondez STOP."""

BOX = "r-aeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibae@survey.test"


def marked(text: str, mark: str = "> ") -> str:
    return "\n".join(mark + line for line in text.split("\n"))


QUOTED = marked(QUESTION)
QUOTED_FR = marked(FRENCH)

OUTLOOK_NL = f"""Van: Klantenpanel <survey@survey.test>
Verzonden: dinsdag 24 november 2026 10:12
Aan: Jan Peeters <jan@belfort.test>
Onderwerp: Hoe waarschijnlijk is het, van 0 tot 10

{QUESTION}"""

OUTLOOK_FR = f"""De : Panel clients <survey@survey.test>
Envoyé : mardi 24 novembre 2026 10:12
À : Jean Dubois <jean@belfort.test>
Objet : De 0 à 10, nous recommanderiez-vous

{FRENCH}"""

PLAIN: dict[str, tuple[str, str]] = {
    "bare": ("9\n", "9"),
    "bare, with blank lines": ("\n\n  9  \n\n\n", "9"),
    "a bullet is no signature": ("- 9\n", "- 9"),
    "a negative number": ("-3", "-3"),
    "gmail nl": (f"9\n\nOp di 24 nov 2026 om 10:12 schreef Klantenpanel <{BOX}>:\n\n{QUOTED}\n", "9"),
    "gmail nl, wrapped": (
        f"8\n\nOp di 24 nov 2026 om 10:12 schreef Klantenpanel <\n{BOX}>:\n\n{QUOTED}\n",
        "8",
    ),
    "gmail nl, wrapped twice": (
        f"een dikke 8!\n\nOp di 24 nov 2026 om 10:12\nschreef Klantenpanel van de firma\n<{BOX}>:\n{QUOTED}",
        "een dikke 8!",
    ),
    "gmail fr": (
        f"9 merci\n\nLe mar. 24 nov. 2026 à 10:12, Panel <{BOX}> a écrit :\n\n{QUOTED_FR}",
        "9 merci",
    ),
    "gmail fr, no blank before the colon": (
        f"neuf\n\nLe 24/11/2026 à 10:12, Panel a écrit:\n{QUOTED_FR}",
        "neuf",
    ),
    "gmail de": (
        f"Eine 7\n\nAm Di., 24. Nov. 2026 um 10:12 Uhr schrieb Panel <{BOX}>:\n\n{QUOTED}",
        "Eine 7",
    ),
    "gmail en": (f"10!!\n\nOn Tue, Nov 24, 2026 at 10:12 AM Panel <{BOX}> wrote:\n\n{QUOTED}", "10!!"),
    "apple nl": (
        f"7\n\nJan\n\nVerstuurd vanaf mijn iPhone 8\n\n> Op 24 nov. 2026 om 10:12 heeft Panel <{BOX}> het "
        f"volgende geschreven:\n> \n> \ufeff\n{QUOTED}",
        "7\n\nJan",
    ),
    "apple nl, an address for a name, wrapped": (
        f"9\n\nOp 26 nov. 2026, om 18:18 heeft\n<{BOX}> <{BOX}> het\nvolgende geschreven:\n\n{QUOTED}",
        "9",
    ),
    "gmail en, wrapped before the address": (
        f"9\n\nOn Mon, 2 Mar 2026 at 12:33, Klantenpanel\n<{BOX}> wrote:\n\n{QUOTED}",
        "9",
    ),
    "own words that begin like an introduction": (f"On balance 9\nPanel wrote:\n{QUOTED}", "On balance 9"),
    "apple fr": (
        f"6\n\nEnvoyé de mon iPhone\n\n> Le 24 nov. 2026 à 10:12, Panel a écrit :\n> \n{QUOTED_FR}",
        "6",
    ),
    "apple de": (
        f"8\n\nVon meinem iPhone gesendet\n\n> Am 24.11.2026 um 10:12 schrieb Panel <x@y.test>:\n{QUOTED}",
        "8",
    ),
    "apple en": (f"8\n\nSent from my iPad\n\n> On 24 Nov 2026, at 10:12, Panel wrote:\n{QUOTED}", "8"),
    "thunderbird nl, below": (
        f"Op 24/11/2026 om 10:12 schreef Klantenpanel:\n{QUOTED}\n\nIk geef een 9.",
        "Ik geef een 9.",
    ),
    "thunderbird fr, below": (f"Le 24/11/2026 à 10:12, Panel a écrit :\n{QUOTED_FR}\n\n9", "9"),
    "thunderbird de, below": (f"Am 24.11.26 um 10:12 schrieb Panel:\n{QUOTED}\n5", "5"),
    "in the middle": (
        "> Hoe waarschijnlijk is het, van 0 tot 10, dat u ons aanbeveelt aan een vriend?\n\n8\n\n"
        "> Liever geen vragen meer? Antwoord STOP.\n",
        "8",
    ),
    "outlook nl": (f"8\n\n{OUTLOOK_NL}", "8"),
    "outlook nl, mobile": (
        f"8\n\nOutlook voor Android downloaden\n________________________________\n{OUTLOOK_NL}",
        "8",
    ),
    "outlook fr": (f"Un 8 pour moi\n\n{OUTLOOK_FR}", "Un 8 pour moi"),
    "outlook fr, with a divider": (f"3\n\n-----Message d'origine-----\n{OUTLOOK_FR}", "3"),
    "outlook de": (
        "4\n\nVon: Panel <survey@survey.test>\nGesendet: Dienstag, 24. November 2026 10:12\nAn: Hans\n"
        f"Betreff: Frage\n\n{QUESTION}",
        "4",
    ),
    "outlook en, old": (
        f"2\n\n-----Original Message-----\nFrom: Panel\nSent: Tuesday\nTo: Jan\nSubject: Q\n\n{QUESTION}",
        "2",
    ),
    "outlook, bold names": (
        f"2\n\n*Van:* Panel <x@y.test>\n*Verzonden:* dinsdag\n*Aan:* Jan\n*Onderwerp:* Vraag\n\n{QUESTION}",
        "2",
    ),
    "outlook nl, answered below": (f"{OUTLOOK_NL}\n\n9", "9"),
    "outlook fr, answered below, signed": (f"{OUTLOOK_FR}\n\n10\n\nCordialement,\nJean", "10"),
    "outlook, nothing written": (f"\n{OUTLOOK_NL}\n", ""),
    "nothing but a quote": (f"Op di 24 nov 2026 om 10:12 schreef Panel <{BOX}>:\n{QUOTED}\n", ""),
    "yahoo nl": (
        f"9\n\n    Op dinsdag 24 november 2026 10:12:13 CET schreef Panel <{BOX}>:  \n \n {QUESTION}",
        "9",
    ),
    "gmx de": (
        f"6\n\nGesendet mit der GMX Mail App\n\nAm 24.11.26, 10:12 schrieb Panel <{BOX}>:\n{QUOTED}",
        "6",
    ),
    "proton": (
        f"9\n\nSent with Proton Mail secure email.\n\nOn Tuesday, Panel <{BOX}> wrote:\n\n{QUOTED}",
        "9",
    ),
    "web mail, quoting": (f"9\n\nQuoting Panel <{BOX}>:\n\n{QUOTED}", "9"),
    "old gmail": (f"9\n\n2026-11-24 10:12 GMT+01:00 Panel <{BOX}>:\n\n{QUOTED}", "9"),
    "another mark": (f"9\n\n{marked(QUESTION, '>')}", "9"),
    "quoted twice": (f"9\n\nOp 24/11 schreef Panel:\n{marked(QUOTED)}", "9"),
    "signature in form": ("8\n\n-- \nJan Peeters\nKerkstraat 5\n9000 Gent\nTel 09 234 56 78", "8"),
    "signature, no blank behind the dashes": ("8\n--\nJan, klant 4521", "8"),
    "closing nl": ("9\n\nMet vriendelijke groeten,\n\nJan Peeters\nKlantnummer 4521\n0472 30 67 05", "9"),
    "closing nl, short": ("Een 7.\nMvg\nAn 2", "Een 7."),
    "closing nl, with the name": ("Een 7.\n\nGroetjes Jan\n2e verdieping", "Een 7."),
    "closing fr": ("Je mets 8.\n\nBien à vous,\nJeanne Dubois\nRue Haute 12\n1000 Bruxelles", "Je mets 8."),
    "closing fr, cordially": ("8\n\nBien cordialement\nJ. Dubois 04", "8"),
    "closing de": ("Ich gebe eine 9\n\nMit freundlichen Grüßen\nHans Maier\nAm Ring 7", "Ich gebe eine 9"),
    "closing de, short": ("9\n\nLG Anna\n", "9"),
    "closing en": ("8 from me\n\nKind regards,\nJohn Smith\n7 High Street", "8 from me"),
    "closing en, thanks": ("8\n\nThanks,\nJohn 007", "8"),
    "thanks are words, not a closing": ("Bedankt! 9", "Bedankt! 9"),
    "a closing above nothing": ("Groeten\n9", "Groeten\n9"),
    "a closing with a sentence": ("Hartelijke groeten en een negen", "Hartelijke groeten en een negen"),
    "a postscript is read": ("Prima dienst\n\nGroeten,\nJan 4\nPS: een 8", "Prima dienst\n\nPS: een 8"),
    "ways to reach somebody": (
        "9\n\nJan Peeters\nGSM: +32 472 30 67 05\njan@voorbeeld.be\nwww.x.be\nKerkstraat 5\n9000 Gent",
        "9\n\nJan Peeters",
    ),
    "a bare telephone number": ("8\n\n0472/30.67.05", "8"),
    "a telephone number in a sentence": (
        "een 8, bel op gsm 0472 30 67 05",
        "een 8, bel op gsm 0472 30 67 05",
    ),
    "company numbers": ("8\n\nBouw Peeters bv | BTW BE 0123.456.789", "8"),
    "disclaimer nl": (
        "8\n\nDit bericht en eventuele bijlagen zijn vertrouwelijk. Binnen 2 dagen terugsturen.\nArtikel 5.",
        "8",
    ),
    "disclaimer fr": (
        "8\n\nCe message et ses pièces jointes sont confidentiels et destinés à 1 personne",
        "8",
    ),
    "disclaimer de": ("8\n\nDiese E-Mail enthält vertrauliche Informationen (§ 5)", "8"),
    "disclaimer en": ("8\n\nDISCLAIMER: article 5 applies\n4", "8"),
    "virus scanner nl": ("8\n\nVirusvrij.www.avast.com <https://www.avast.com/sig-email?utm=9>", "8"),
    "virus scanner fr": ("8\n\nGaranti sans virus. www.avast.com", "8"),
    "print less": ("8\n\nDenk aan het milieu voor u deze 2 pagina's op papier afdrukt", "8"),
    "telephone nl": ("7\n\nVerzonden vanaf mijn Samsung Galaxy S9", "7"),
    "telephone fr": ("7\n\nEnvoyé depuis mon mobile Orange", "7"),
    "telephone fr, windows": ("7\n\nProvenance : Courrier pour Windows 10", "7"),
    "telephone de": ("7\n\nVon meinem Huawei P10 gesendet", "7"),
    "telephone en": ("7\n\nGet Outlook for iOS <https://aka.ms/o0ukef>", "7"),
    "telephone, bottom of the reply only": ("Sent from my iPhone 8\n", ""),
    "a hard blank": ("\u00a0\u00a09\u00a0\n", "9"),
    "windows line ends": ("9\r\n\r\nOp 24/11 schreef Panel:\r\n> 5\r\n", "9"),
    "stop": (f"STOP\n\nOp 24/11/2026 schreef Panel:\n{QUOTED}", "STOP"),
    "a question about a person is no introduction": (
        "Wat Jan schreef: dat was een 9",
        "Wat Jan schreef: dat was een 9",
    ),
    "words that end in a colon": ("Mijn score:\n9", "Mijn score:\n9"),
    "two field names make no header block": ("Van: harte\nAan: u\n9", "Van: harte\nAan: u\n9"),
}
"""Name → (the text as it arrives, what the respondent wrote)."""
