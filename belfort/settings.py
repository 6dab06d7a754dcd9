"""Settings of both programs as options of the command line, and the refusal of variables nobody reads.

Each program declares its settings once, as fields with their meaning; here every field becomes an option
`--like-this` beside its variable `BELFORT_LIKE_THIS`, so that neither the help nor the check for typing
errors can drift.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from inspect import Parameter as Argument
from inspect import Signature, signature
from typing import Annotated, Any, Protocol, Self, TypeVar

from cyclopts import Parameter

from belfort.exits import Exit, Trouble

PREFIX = "BELFORT_"


class Readable(Protocol):
    """Settings as both programs have them."""

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self: ...


Settings = TypeVar("Settings", bound=Readable)

OPTIONS = frozenset(
    PREFIX + name
    for name in (
        "ACCOUNTS",
        "AFTER",
        "AGAINST",
        "BATCH",
        "BODY",
        "BUG",
        "BY",
        "CHANNEL",
        "CHECK",
        "CLEAR",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "CONTROL",
        "CONTROL_TOKEN",
        "COUNT",
        "CSV",
        "DATA",
        "DAYS",
        "DOCUMENT",
        "EVIDENCE",
        "EXAMPLES",
        "EXPLAIN",
        "FIRST",
        "FORGET",
        "FROM",
        "GAP",
        "GITHUB",
        "HTML",
        "JSON",
        "JSONL",
        "JUNIT",
        "KIND",
        "LANE",
        "LANGUAGE",
        "LIMIT",
        "LIST",
        "MARKDOWN",
        "MEANING",
        "PEOPLE",
        "PROCESSES",
        "PROPERTIES",
        "QUESTION",
        "RATE",
        "REFERENCE",
        "REMOVE",
        "REPLY",
        "REPORT",
        "SCENARIO",
        "SCHEMA",
        "SCORE",
        "SECOND_CLIENT_ID",
        "SECOND_CLIENT_SECRET",
        "SEGMENTS",
        "SELECT",
        "SMPP",
        "STATE",
        "STAY",
        "SURVEY",
        "THRESHOLDS",
        "TIED",
        "TIME",
        "TO",
        "TOKEN",
        "UNTIL",
        "URL",
        "USERS",
        "WHERE",
        "WITHIN",
        "WORKERS",
    )
)
"""Variables of options that are no program's setting; a test holds this table against the commands."""


OF_TEST_SUITES = frozenset(PREFIX + name for name in ("COMMAND", "SERVICE_LOG", "SHAPE", "STORIES"))
"""What `pytest-belfort` and the files for Locust read, and this command line does not mind."""


def in_ci() -> bool:
    """Whether nobody is watching: build machines say so."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def known_variables() -> frozenset[str]:
    """Every environment variable that means something to some command."""
    from service import config as service
    from simulator import config as simulator

    return OPTIONS | OF_TEST_SUITES | service.NAMES | simulator.NAMES


def unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each variable of ours that nobody reads: a typing error must not pass in silence."""
    strangers = sorted(name for name in environ if name.startswith(PREFIX))
    if not strangers:
        return
    known = known_variables()
    for name in strangers:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = (
                f" Did you mean {near[0]}?"
                if near
                else " See: belfort service --help, belfort simulator --help"
            )
            yield f"the environment variable {name} means nothing here.{hint}"


def settings_of() -> dict[str, str]:
    """What the environment sets of the two programs, by the names of the fields: for a child of ours."""
    names = known_variables() - OPTIONS - OF_TEST_SUITES
    return {name.removeprefix(PREFIX).lower(): value for name, value in os.environ.items() if name in names}


def options_of(settings: type, *, leave_out: frozenset[str] = frozenset()) -> dict[str, Argument]:
    """One keyword argument for each field of `settings`, by its name."""
    return {each.name: _option(each) for each in fields(settings) if each.name not in leave_out}


def _option(setting: Any) -> Argument:
    shown = "" if setting.metadata.get("secret") else _default(setting.default)
    about = Parameter(help=f"{setting.metadata.get('about', '')}{shown}", show_default=False)
    return Argument(
        setting.name, Argument.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, about]
    )


def _default(value: object) -> str:
    if isinstance(value, tuple):
        value = ",".join(value)
    return "" if value in (None, "") else f" [default: {value}]"


def with_options(options: Mapping[str, Argument]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a command that takes `**settings` show and accept exactly `options`."""

    def dress(command: Callable[..., Any]) -> Callable[..., Any]:
        own = [
            each
            for each in signature(command, eval_str=True).parameters.values()
            if each.kind != Argument.VAR_KEYWORD
        ]
        names = {each.name for each in own}
        command.__signature__ = Signature(  # type: ignore[attr-defined]  # a function takes any attribute
            own + [option for name, option in options.items() if name not in names]
        )
        return command

    return dress


def read_settings(settings: type[Settings], environ: Mapping[str, str]) -> Settings:
    """A program's settings; what is wrong with them is `Trouble` for whoever wrote them."""
    with mendable(settings):
        return settings.read(environ)


@contextmanager
def mendable(settings: type[Readable]) -> Iterator[None]:
    """What is wrong with `settings` is `Trouble`, also when it shows only at the start: a file, a profile."""
    try:
        yield
    except sys.modules[settings.__module__].SettingsError as error:
        raise Trouble(str(error), Exit.USAGE) from None


def environment(given: Mapping[str, object]) -> dict[str, str]:
    """The process's environment with the options that were given laid over it."""
    chosen = {PREFIX + name.upper(): str(value) for name, value in given.items() if value is not None}
    return {**os.environ, **chosen}
