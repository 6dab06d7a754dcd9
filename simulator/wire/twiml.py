"""Reads a call-control document: bytes become verbs, or the error that the platform would name.

What is read comes from strangers. DTDs, entities and external references are refused by defusedxml before
they are expanded; size, depth, elements and attributes have limits of their own, and no tree is built.
Codes are Twilio's: 12100 not XML, 12102 no `<Response>`, 11750 too large.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast
from xml.etree.ElementTree import ParseError  # the name of the error; defusedxml parses

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from simulator.wire.twiml_verbs import (
    ATTRIBUTES,
    ELSEWHERE,
    PROMPTS,
    UNHEARD,
    Gather,
    Hangup,
    Pause,
    Play,
    Prompt,
    Redirect,
    Reject,
    Say,
    Verb,
)

MOST_BYTES = 65_536
"""Twilio takes no document above 64 KiB."""
MOST_DEPTH = 16
MOST_ELEMENTS = 1_000
MOST_ATTRIBUTES = 32
MOST_WARNINGS = 20
MOST_SPOKEN = 4_096
"""Characters of one `<Say>`."""

NOT_XML, NO_RESPONSE, TOO_LARGE = 12100, 12102, 11750


class BadDocument(ValueError):
    """A document cannot be performed; `code` is the platform's number for why."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Document:
    """What to perform, in order, and what was passed over."""

    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: Mapping[str, str]
    content: list[_Element | str] = field(default_factory=list)
    """Children and text, in order."""

    @property
    def children(self) -> list[_Element]:
        return [each for each in self.content if isinstance(each, _Element)]

    def spoken(self) -> str:
        """All text inside, that of SSML elements too."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for each in self.content:
            if isinstance(each, str):
                yield each
            else:
                yield from each._pieces()


class _Target:
    """What the parser tells: it counts before it keeps."""

    def __init__(self) -> None:
        self._open: list[_Element] = []
        self._root: _Element | None = None
        self._elements = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        for count, most, what in (
            (self._elements, MOST_ELEMENTS, "elements"),
            (len(self._open) + 1, MOST_DEPTH, "levels"),
            (len(attributes), MOST_ATTRIBUTES, "attributes in one element"),
        ):
            if count > most:
                raise BadDocument(NOT_XML, f"the document has more than {most} {what}")
        element = _Element(tag, dict(attributes))
        if self._open:
            self._open[-1].content.append(element)
        else:
            self._root = element
        self._open.append(element)

    def end(self, tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].content.append(text)

    def close(self) -> _Element | None:
        return self._root


def read(body: bytes) -> Document:
    """The document in `body`; BadDocument when it cannot be performed."""
    if len(body) > MOST_BYTES:
        raise BadDocument(TOO_LARGE, f"the document is larger than {MOST_BYTES} bytes")
    root = _parsed(body)
    if root is None or root.tag != "Response":
        raise BadDocument(NO_RESPONSE, "the root element is not <Response>")
    warnings: list[str] = []
    verbs = tuple(_verbs(root, warnings))
    return Document(verbs, tuple(warnings[:MOST_WARNINGS]))


def spoken(text: str) -> Document:
    """A document that only says `text`."""
    return Document((Say(text[:MOST_SPOKEN]),))


def _parsed(body: bytes) -> _Element | None:
    parser = DefusedXMLParser(target=_Target(), forbid_dtd=True)
    try:
        parser.feed(body)
        return cast("_Element | None", parser.close())
    except BadDocument:
        raise
    except DefusedXmlException as forbidden:
        kind = type(forbidden).__name__.removesuffix("Forbidden")
        raise BadDocument(NOT_XML, f"a document type, an entity or a reference ({kind}) is refused") from None
    except (ParseError, ValueError, LookupError) as error:
        raise BadDocument(NOT_XML, f"the document is not XML: {str(error)[:200]}") from None


def _verbs(root: _Element, warnings: list[str]) -> Iterator[Verb]:
    for element in root.children:
        if element.tag in BUILDERS:
            yield BUILDERS[element.tag](element, warnings)
        elif element.tag in ELSEWHERE:
            warnings.append(f"<{element.tag}> is not performed here, and passed over")
        else:
            warnings.append(f"<{element.tag[:40]}> is no verb, and passed over")


def _given(element: _Element, warnings: list[str]) -> dict[str, object]:
    """The fields that the attributes fill; what cannot be used is warned of."""
    known, fields = ATTRIBUTES[element.tag], {}
    for name, written in element.attributes.items():
        if name in known:
            place, reader = known[name]
            try:
                fields[place] = reader(written)
            except ValueError as error:
                warnings.append(f'{element.tag} {name}="{written[:40]}" {error}')
        elif name not in UNHEARD.get(element.tag, ()):
            warnings.append(f"<{element.tag}> has no attribute {name[:40]!r}")
    return fields


def _say(element: _Element, warnings: list[str]) -> Say:
    return Say(element.spoken()[:MOST_SPOKEN], **_given(element, warnings))  # type: ignore[arg-type]  # ATTRIBUTES reads each field's type


def _play(element: _Element, warnings: list[str]) -> Play:
    return Play(element.spoken(), **_given(element, warnings))  # type: ignore[arg-type]  # ditto


def _pause(element: _Element, warnings: list[str]) -> Pause:
    return Pause(**_given(element, warnings))  # type: ignore[arg-type]  # ditto


def _gather(element: _Element, warnings: list[str]) -> Gather:
    prompts: list[Prompt] = []
    for child in element.children:
        if child.tag in PROMPTS:
            prompts.append(cast(Prompt, BUILDERS[child.tag](child, warnings)))
        else:
            warnings.append(f"<{child.tag[:40]}> may not stand in <Gather>, and is passed over")
    return Gather(tuple(prompts), **_given(element, warnings))  # type: ignore[arg-type]  # ditto


def _redirect(element: _Element, warnings: list[str]) -> Redirect:
    return Redirect(element.spoken(), **_given(element, warnings))  # type: ignore[arg-type]  # ditto


def _hangup(element: _Element, warnings: list[str]) -> Hangup:
    _given(element, warnings)
    return Hangup()


def _reject(element: _Element, warnings: list[str]) -> Reject:
    return Reject(**_given(element, warnings))  # type: ignore[arg-type]  # ditto


BUILDERS: Mapping[str, Callable[[_Element, list[str]], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
