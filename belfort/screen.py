"""What people see: tables and bars for a terminal, plain text elsewhere (rich follows NO_COLOR and pipes)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from belfort.ledger import Ledger
from belfort.oracle import Comparison, Culprit, Finding
from belfort.settings import in_ci

WORDS = {
    "totalRequests": "surveys sent",
    "totalResponses": "responses",
    "goodResponses": "good responses",
    "badResponses": "bad, eliminated",
    "failed": "not delivered",
    "promoters": "promoters (9–10)",
    "detractors": "detractors (0–6)",
    "score": "Net Promoter Score",
}
CHANNELS = {"SMS": "SMS", "VOICE": "voice", "EMAIL": "e-mail"}
LANGUAGES = {"nl": "Dutch", "fr": "French", "de": "German", "en": "English"}
DOUBT = "replies by hand count nowhere: nobody said what they mean (belfort reply --score, --meaning)"
UNHEARD = "replies were written that the service has never taken; they count nowhere"
EXAMPLES = 3
WIDEST = 34


def progress(console: Console) -> Progress:
    """A progress bar; it stays silent where nobody watches."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        console=console,
        disable=not is_watched(console),
    )


@contextmanager
def busy(console: Console, doing: str) -> Iterator[None]:
    """A sign of life while something takes longer than a moment; silent where nobody watches."""
    if not is_watched(console):
        yield
        return
    with console.status(doing):
        yield


def is_watched(console: Console) -> bool:
    """Whether somebody sits before this console: FORCE_COLOR makes no terminal of a pipe."""
    return console.file.isatty() and not in_ci()


def summary(ledger: Ledger, rejected: int) -> str:
    """Who was asked, in a sentence."""
    languages = Counter(row.language.partition("-")[0] for row in ledger)
    spoken = ", ".join(f"{count:,} in {LANGUAGES.get(tag, tag)}" for tag, count in languages.most_common())
    refused = f"; {rejected:,} requests were rejected" if rejected else ""
    ways = Counter(row.channel for row in ledger)
    asked = ", ".join(f"{ways[channel]:,} by {word}" for channel, word in CHANNELS.items() if ways[channel])
    return f"A town was asked, {asked}: {spoken}{refused}."


def of_channels(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Those of single channels, where there are several."""
    found = [each for each in comparisons if set(each.scope.query) == {"channel"}]
    return found if len(found) > 1 else []


def reports(comparisons: Sequence[Comparison]) -> Table:
    """Truth and report side by side, a pair of columns for each comparison."""
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("", no_wrap=True)
    for comparison in comparisons:
        title = comparison.scope.title.removeprefix("survey ").removeprefix("channel ")
        table.add_column(f"{title}\ntruth", justify="right", no_wrap=True)
        table.add_column("\nreport", justify="right", no_wrap=True)
    for row in zip(*(comparison.figures for comparison in comparisons), strict=True):
        cells: list[Text | str] = [WORDS[row[0].name]]
        for figure in row:
            style = "" if figure.agrees else "bold red"
            cells += [_number(figure.true), Text(_number(figure.reported), style)]
        table.add_row(*cells, style="bold" if row[0].name == "score" else "")
    return table


def _number(value: object) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def gauge(score: int | None, *, width: int = 41) -> Text:
    """−100 … +100 with a needle."""
    if score is None:
        return Text("no score yet")
    needle = round((score + 100) / 200 * (width - 1))
    bar = "".join("┃" if place == needle else "┼" if place == width // 2 else "─" for place in range(width))
    return Text(f"−100 {bar} +100   {score:+d}")


def funnel(people: Sequence[Mapping[str, Any]], asked: int) -> Table:
    """From asked to counted, a bar a step."""
    delivered = sum(person["state"] not in ("SUBMITTED", "ACCEPTED", "FAILED") for person in people)
    replied = sum(bool(person["wrote"]) for person in people)
    good = sum((person["counted"] or {}).get("response") == "good" for person in people)
    table = Table(box=None, padding=(0, 2), show_header=False)
    for words, count in (("asked", asked), ("delivered", delivered), ("replied", replied), ("counted", good)):
        table.add_row(words, f"{count:,}", "█" * round(40 * count / max(asked, 1)))
    return table


def truth(console: Console, told: Mapping[str, Any]) -> None:
    """What a perfect service would report, and each person behind it if they were asked for."""
    figures = {**told["report"]["responseStatistics"], **told["report"]["nps"]}
    for name, words in WORDS.items():
        console.print(f"{words:<20}{_number(figures[name]):>7}")
    for count, remark in ((told["doubts"], DOUBT), (told["unheard"], UNHEARD)):
        if count:
            console.print(f"{count:,} {remark}", soft_wrap=True)
    if told["people"]:
        console.print("", witnesses(told["people"]), sep="\n")


def witnesses(people: Iterable[Mapping[str, Any]]) -> Table:
    """Each person: what they wrote, what they meant, what counts."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("number", "state", "wrote", "meant", "counts"):
        table.add_column(heading, overflow="fold")
    for person in people:
        meant, counted = person.get("meant") or {}, person.get("counted") or {}
        said = meant.get("verdict") if meant.get("score") is None else meant["score"]
        wrote = ", ".join(quoted(text) for text in person.get("wrote", ()))
        cells = (person["address"], person["state"], wrote, said, counted.get("response"))
        table.add_row(
            *(Text(str(cell).replace("_", " ") if cell not in (None, "") else "–") for cell in cells)
        )
    return table


def eliminated(people: Iterable[Mapping[str, Any]]) -> Table:
    """The bad responses by verdict, with what people wrote."""
    kinds: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for person in people:
        if (person["counted"] or {}).get("response") == "bad":
            verdict = person["meant"]["verdict"]
            kinds[verdict] += 1
            examples.setdefault(verdict, []).append(quoted(person["wrote"][0]))
    table = Table(box=None, padding=(0, 2), show_header=False)
    for verdict, count in sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0])):
        shown = sorted(set(examples[verdict]), key=lambda text: (len(text), text))[:EXAMPLES]
        table.add_row(verdict.replace("_", " "), str(count), Text("  ".join(shown), "dim"))
    return table


def quoted(text: str) -> str:
    """A reply on one line, shortened, unable to disturb a terminal."""
    line = printable(" ".join(text.split()))
    return f"“{line}”" if len(line) <= WIDEST else f"“{line[: WIDEST - 1]}…”"


def printable(text: str) -> str:
    """Without control characters: what people write must not steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def verdict(console: Console, finding: Finding) -> None:
    """The last lines: everything equal, or where report and truth part and who is behind it."""
    compared = len(finding.comparisons)
    if finding.unheard:
        console.print(f"[yellow]{finding.unheard:,} {UNHEARD}[/yellow]", soft_wrap=True)
    if finding.agrees:
        console.print(f"[green]{compared} reports compared: every figure equals the truth.[/green]")
        return
    console.print(
        f"[bold red]{len(finding.differences)} of {compared} reports differ from the truth.[/bold red]"
    )
    for comparison in finding.differences[:6]:
        console.print(f"  {comparison.scope.title}: {_differences(comparison)}", soft_wrap=True)
    if len(finding.differences) > 6:
        console.print(f"  … and {len(finding.differences) - 6} more")
    for culprit in finding.culprits:
        console.print(_sentence(culprit), soft_wrap=True)


def _differences(comparison: Comparison) -> str:
    return ", ".join(
        f"{WORDS[figure.name]} report {_number(figure.reported)}, truth {_number(figure.true)}"
        for figure in comparison.figures
        if not figure.agrees
    )


def _hard(culprit: Culprit) -> str:
    return f"; what was hard: {culprit.phenomenon}" if culprit.phenomenon else ""


def _sentence(culprit: Culprit) -> Text:
    wrote = ", then ".join(quoted(text) for text in culprit.wrote) or "nothing"
    return Text.assemble(
        ("culprit ", "bold red"),
        f"{culprit.sent.address} (request {culprit.sent.request})\n",
        f"        wrote {wrote}; meant {culprit.meant}{_hard(culprit)}\n",
        f"        should count as {culprit.should}; was counted as {culprit.counted}",
    )
