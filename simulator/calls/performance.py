"""Performs documents in one call: prompts take their time, keys are gathered, what needs others comes out.

Theory of operation. The performance is told what happens (`perform` a document, `press` a key, `tick`) with
the moment; it answers `due` with the moment at which it wants to be told the time, and leaves in `effects`
what is to be done, in order. A timer that runs out at the very moment of a key has run out before it.

The rules of `Gather` are Twilio's: prompts are heard first, a key stops them; `timeout` counts from the last
prompt, and anew from every key; `numDigits` and `finishOnKey` end at once. What was collected goes to
`action`; nothing collected goes on with the next verb, unless `actionOnEmptyResult`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urljoin

from simulator.calls.speech import seconds
from simulator.wire.twiml import Document
from simulator.wire.twiml_verbs import Gather, Hangup, Pause, Play, Prompt, Redirect, Reject, Say, Verb
from simulator.world import Moment

LOOPS = 11215
"""Twilio's number for too many redirects; here also of a document that leads to itself for ever."""
MOST_KEYS = 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one call may do: verbs begun, documents asked for."""

    verbs: int = 1_000
    documents: int = 100


@dataclass(frozen=True, slots=True)
class Quirks:
    """Where the dialects differ in performing."""

    posts_without_action: bool = True
    """A `Gather` without `action` asks the present document again; or else it asks nobody."""
    finish_key_of_empty: str = ""
    """What an empty `finishOnKey` means."""


TWILIO = Quirks()


@dataclass(frozen=True, slots=True)
class Fetch:
    """A document is needed. `keys` are what a `Gather` hands over with it."""

    url: str
    method: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    keys: Gathered | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A prompt begins."""

    prompt: Prompt
    seconds: float


@dataclass(frozen=True, slots=True)
class Asking:
    """A `Gather` begins; its prompts take so many seconds together."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """A `Gather` ended with these keys. `finished_by` is the key that ended it, if one did."""

    keys: str
    finished_by: str = ""
    posted: bool = True


@dataclass(frozen=True, slots=True)
class Warned:
    """Something was passed over."""

    what: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The platform hangs up. `error` is the platform's number for why, if it is not how it should be."""

    why: str
    error: int | None = None


Effect = Fetch | Heard | Asking | Gathered | Warned | Finished


class Doing(Enum):
    """What the call waits for."""

    NOTHING = "nothing"
    DOCUMENT = "a document"
    PROMPT = "the end of a prompt"
    GATHER_PROMPT = "the end of a prompt, or a key"
    GATHER = "a key"
    OVER = "nothing any more"


class Performance:
    """What is heard and pressed in one call. `begin` asks for the first document."""

    def __init__(self, bounds: Bounds, quirks: Quirks = TWILIO) -> None:
        self._bounds, self._quirks = bounds, quirks
        self.effects: list[Effect] = []
        self.due: Moment | None = None
        self.doing = Doing.NOTHING
        self._url = ""
        self._verbs: deque[Verb] = deque()
        self._gather = Gather()
        self._prompts: deque[Prompt] = deque()
        self._keys = ""
        self._begun = self._asked = 0

    # What happens

    def begin(self, url: str, method: str, parameters: Mapping[str, str] | None = None) -> None:
        """Ask for a document, and forget the one that is performed."""
        if self.doing is not Doing.OVER:
            self._drop()
            self._fetch(url, method, parameters or {})

    def perform(self, document: Document, url: str, now: Moment) -> None:
        """Perform what was asked for; `url` is what its own addresses are relative to."""
        if self.doing is Doing.OVER:
            return
        self._drop()
        self._url = url
        self.effects.extend(Warned(each) for each in document.warnings)
        self._verbs.extend(document.verbs)
        self._go_on(now)

    def press(self, key: str, now: Moment) -> bool:
        """A key is pressed; whether it was collected, or ended the collecting."""
        self.tick(now)
        if self.doing not in (Doing.GATHER, Doing.GATHER_PROMPT) or not self._gather.takes_keys:
            return False
        self._prompts.clear()
        gather = self._gather
        if key == (gather.finish_on_key or self._quirks.finish_key_of_empty):
            self._end_gather(key, now)
            return True
        self._keys += key
        if len(self._keys) >= (gather.num_digits or MOST_KEYS):
            self._end_gather("", now)
        else:
            self._wait(Doing.GATHER, gather.timeout, now)
        return True

    def tick(self, now: Moment) -> None:
        """What was due by `now` has come."""
        while self.due is not None and self.due <= now:
            at, self.due = self.due, None
            if self.doing is Doing.GATHER_PROMPT:
                self._next_prompt(at)
            elif self.doing is Doing.GATHER:
                self._end_gather("", at)
            else:
                self._go_on(at)

    def finish(self, why: str, error: int | None = None) -> None:
        """Hang up."""
        if self.doing is not Doing.OVER:
            self._drop()
            self.doing = Doing.OVER
            self.effects.append(Finished(why, error))

    # Verb after verb

    def _drop(self) -> None:
        self._verbs.clear()
        self._prompts.clear()
        self.due, self._keys = None, ""
        if self.doing is not Doing.OVER:
            self.doing = Doing.NOTHING

    def _go_on(self, now: Moment) -> None:
        """Begin verbs until one takes its time."""
        self.doing = Doing.NOTHING
        while self.doing is Doing.NOTHING:
            if not self._verbs:
                self.finish("the document has ended")
                return
            self._begun += 1
            if self._begun > self._bounds.verbs:
                self.finish(f"more than {self._bounds.verbs} verbs in one call", LOOPS)
                return
            self._begin(self._verbs.popleft(), now)

    def _begin(self, verb: Verb, now: Moment) -> None:
        match verb:
            case Say() | Play() | Pause():
                self._hear(verb, Doing.PROMPT, now)
            case Gather():
                self._gather, self._keys = verb, ""
                self._prompts.extend(verb.prompts)
                self.effects.append(Asking(sum(map(seconds, verb.prompts))))
                self._next_prompt(now)
            case Redirect():
                self._fetch(verb.url, verb.method, {})
            case Hangup():
                self.finish("the document hangs up")
            case Reject():
                self.effects.append(Warned("<Reject> in a call that was answered ends it"))
                self.finish("the document rejects the call")

    def _hear(self, prompt: Prompt, doing: Doing, now: Moment) -> None:
        takes = seconds(prompt)
        self.effects.append(Heard(prompt, takes))
        self._wait(doing, takes, now)

    def _next_prompt(self, now: Moment) -> None:
        if self._prompts:
            self._hear(self._prompts.popleft(), Doing.GATHER_PROMPT, now)
        else:
            self._wait(Doing.GATHER, self._gather.timeout, now)

    def _wait(self, doing: Doing, takes: float, now: Moment) -> None:
        self.doing, self.due = doing, Moment(now + round(takes * 1000))

    def _end_gather(self, finished_by: str, now: Moment) -> None:
        gather, keys = self._gather, self._keys
        asks = gather.action is not None or self._quirks.posts_without_action
        posted = asks and bool(keys or gather.action_on_empty_result)
        gathered = Gathered(keys, finished_by, posted)
        self.effects.append(gathered)
        self.due, self._keys = None, ""
        if not posted:
            self._go_on(now)
            return
        told = {"Digits": keys, "msg": "Gather End"} | ({"FinishedOnKey": finished_by} if finished_by else {})
        self._fetch(gather.action or "", gather.method, told, gathered)

    def _fetch(
        self, url: str, method: str, parameters: Mapping[str, str], keys: Gathered | None = None
    ) -> None:
        self._asked += 1
        if self._asked > self._bounds.documents:
            self.finish(f"more than {self._bounds.documents} documents in one call", LOOPS)
            return
        whole = urljoin(self._url, url)
        self._verbs.clear()
        self.doing, self.due = Doing.DOCUMENT, None
        self.effects.append(Fetch(whole, method, parameters, keys))
