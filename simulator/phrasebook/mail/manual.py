"""What mail programs and people put around a reply, by language: tables only.

In attribution lines `{weekday}`, `{day}`, `{month}`, `{year}`, `{mm}`, `{dd}`, `{time}`, `{name}` and
`{address}` are filled in. Inbound wording follows what the programs themselves write in each language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manual:
    """One language."""

    weekdays: tuple[str, ...]
    """From Monday on, as mail programs shorten them."""
    months: tuple[str, ...]
    attributions: Mapping[str, str]
    """By client: the line above a quote."""
    labels: tuple[str, str, str, str]
    """Outlook's head of a quote: from, sent, to, subject."""
    original: str
    prefix: tuple[str, ...]
    """Before the subject of a reply."""
    closings: tuple[str, ...]
    jobs: tuple[str, ...]
    phones: tuple[str, ...]
    """What a telephone number is called in a signature."""
    disclaimers: tuple[str, ...]
    footers: tuple[str, ...]
    away: tuple[str, ...]
    """Subjects of an out-of-office reply, before the subject it answers."""
    away_text: tuple[str, ...]
    """Its text: `{until}` is a date, `{name}` a colleague, `{phone}` a number."""


DUTCH = Manual(
    weekdays=("ma", "di", "wo", "do", "vr", "za", "zo"),
    months=("jan.", "feb.", "mrt.", "apr.", "mei", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."),
    attributions={
        "gmail": "Op {weekday} {day} {month} {year} om {time} schreef {name} <{address}>:",
        "apple": "Op {day} {month} {year}, om {time} heeft {name} <{address}> het volgende geschreven:",
        "thunderbird": "Op {dd}-{mm}-{year} om {time} schreef {name}:",
    },
    labels=("Van", "Verzonden", "Aan", "Onderwerp"),
    original="-----Oorspronkelijk bericht-----",
    prefix=("Re: ", "Antw: ", "RE: ", "Betr.: "),
    closings=(
        "Met vriendelijke groeten,",
        "Met vriendelijke groet,",
        "Vriendelijke groeten,",
        "Mvg,",
        "Groetjes,",
    ),
    jobs=("Zaakvoerder", "Medewerker boekhouding", "Projectleider", "Aankoper", "Verkoop binnendienst"),
    phones=("Tel.", "Gsm", "T", "Mobiel:"),
    disclaimers=(
        "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde. Hebt u het per vergissing "
        "ontvangen, verwittig ons dan binnen 24 uur en verwijder het.",
        "Denk aan het milieu voor u deze mail afdrukt: 1 blad papier kost 10 liter water.",
    ),
    footers=(
        "Verzonden vanaf mijn iPhone",
        "Verzonden vanaf mijn iPad",
        "Verstuurd vanaf mijn iPhone",
        "Verzonden vanaf mijn Samsung Galaxy-smartphone.",
        "Outlook voor Android downloaden",
        "Verzonden met Outlook voor iOS",
    ),
    away=("Automatisch antwoord: ", "Afwezig: ", "Afwezigheidsbericht: "),
    away_text=(
        "Ik ben afwezig tot en met {until} en lees mijn mails niet. Dringend? Bel {name}, {phone}.",
        "Bedankt voor uw bericht. Ik ben met verlof tot {until}. Ik antwoord u bij mijn terugkeer.",
    ),
)

FRENCH = Manual(
    weekdays=("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    months=(
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ),
    attributions={
        "gmail": "Le {weekday} {day} {month} {year} à {time}, {name} <{address}> a écrit :",
        "apple": "Le {day} {month} {year} à {time}, {name} <{address}> a écrit :",
        "thunderbird": "Le {dd}/{mm}/{year} à {time}, {name} a écrit :",
    },
    labels=("De", "Envoyé", "À", "Objet"),
    original="-----Message d'origine-----",
    prefix=("Re: ", "RE: ", "RE : ", "Réf. : "),
    closings=("Cordialement,", "Bien à vous,", "Bien cordialement,", "Meilleures salutations,", "Bàv,"),
    jobs=("Gérante", "Responsable des achats", "Comptable", "Chef de projet", "Assistant commercial"),
    phones=("Tél.", "GSM", "T", "Mobile :"),
    disclaimers=(
        "Ce message est confidentiel et réservé à son destinataire. Si vous l'avez reçu par erreur, merci de "
        "nous avertir dans les 24 heures et de le détruire.",
        "Pensez à l'environnement avant d'imprimer ce message : 1 feuille de papier coûte 10 litres d'eau.",
    ),
    footers=(
        "Envoyé de mon iPhone",
        "Envoyé de mon iPad",
        "Envoyé depuis mon smartphone Samsung Galaxy.",
        "Télécharger Outlook pour Android",
        "Envoyé à partir de Outlook pour iOS",
    ),
    away=("Réponse automatique : ", "Absence du bureau : ", "Absent(e) : "),
    away_text=(
        "Je suis absente jusqu'au {until} inclus. En cas d'urgence, appelez {name} au {phone}.",
        "Merci pour votre message. Je suis en congé jusqu'au {until} et vous répondrai à mon retour.",
    ),
)

GERMAN = Manual(
    weekdays=("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."),
    months=("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    attributions={
        "gmail": "Am {weekday}, {day}. {month} {year} um {time} Uhr schrieb {name} <{address}>:",
        "apple": "Am {dd}.{mm}.{year} um {time} schrieb {name} <{address}>:",
        "thunderbird": "Am {dd}.{mm}.{year} um {time} schrieb {name}:",
    },
    labels=("Von", "Gesendet", "An", "Betreff"),
    original="-----Ursprüngliche Nachricht-----",
    prefix=("AW: ", "Re: ", "Antwort: ", "Aw: "),
    closings=("Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße", "MfG", "Freundliche Grüße"),
    jobs=("Geschäftsführerin", "Einkauf", "Buchhaltung", "Projektleiter", "Vertrieb Innendienst"),
    phones=("Tel.", "Mobil:", "T", "Telefon:"),
    disclaimers=(
        "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt. Haben Sie sie irrtümlich erhalten, "
        "benachrichtigen Sie uns bitte innerhalb von 24 Stunden und löschen Sie sie.",
        "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail drucken: 1 Blatt kostet 10 Liter Wasser.",
    ),
    footers=(
        "Von meinem iPhone gesendet",
        "Von meinem iPad gesendet",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Outlook für Android herunterladen",
        "Gesendet von Outlook für iOS",
    ),
    away=("Automatische Antwort: ", "Abwesenheitsnotiz: ", "Abwesend: "),
    away_text=(
        "Ich bin bis einschließlich {until} nicht im Büro. In dringenden Fällen hilft {name}, {phone}.",
        "Danke für Ihre Nachricht. Ich bin bis {until} im Urlaub und melde mich danach.",
    ),
)

ENGLISH = Manual(
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    attributions={
        "gmail": "On {weekday}, {day} {month} {year} at {time}, {name} <{address}> wrote:",
        "apple": "On {day} {month} {year}, at {time}, {name} <{address}> wrote:",
        "thunderbird": "On {dd}/{mm}/{year} {time}, {name} wrote:",
    },
    labels=("From", "Sent", "To", "Subject"),
    original="-----Original Message-----",
    prefix=("Re: ", "RE: ", "re: ", "Re: "),
    closings=("Kind regards,", "Best regards,", "Regards,", "Best wishes,", "Cheers,"),
    jobs=("Managing Director", "Purchasing", "Accounts Assistant", "Project Lead", "Sales Support"),
    phones=("Tel.", "Mobile:", "T", "Phone:"),
    disclaimers=(
        "This message is confidential and meant for its addressee only. If it reached you by mistake, please "
        "tell us within 24 hours and delete it.",
        "Please think of the environment before you print this mail: 1 sheet costs 10 litres of water.",
    ),
    footers=(
        "Sent from my iPhone",
        "Sent from my iPad",
        "Sent from my Galaxy",
        "Get Outlook for Android",
        "Sent from Outlook for iOS",
    ),
    away=("Automatic reply: ", "Out of Office: ", "Out of office re: "),
    away_text=(
        "I am out of the office until {until}. If it is urgent, please ring {name} on {phone}.",
        "Thank you for your message. I am on leave until {until} and will reply when I am back.",
    ),
)

MANUALS: Mapping[str, Manual] = {"nl": DUTCH, "fr": FRENCH, "de": GERMAN, "en": ENGLISH}
