"""A client that lives in a process of its own, with its own loop, and is told what to do by lines of JSON.

It answers each line with `{"answer": number, …}`; letters come as `{"letter": {…}}`. Octets are written in
hexadecimal. A process serves one story after the other: `forget` takes it back to the beginning.
"""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

from tests.clients.esme import PASSWORD, PATIENCE, Came, Heard, Told, message


class Child:
    """The process and its lines."""

    idle: ClassVar[dict[tuple[str, ...], list[Child]]] = defaultdict(list)

    def __init__(self, program: tuple[str, ...]) -> None:
        self.program = program
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._out = self._process.stdin, self._process.stdout
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._numbers = itertools.count(1)

    @classmethod
    def of(cls, program: tuple[str, ...]) -> Child:
        """One that is idle, or a new one."""
        return cls.idle[program].pop() if cls.idle[program] else cls(program)

    @classmethod
    def end_all(cls) -> None:
        for children in cls.idle.values():
            while children:
                children.pop().end()

    def order(self, what: str, **more: Any) -> int:
        number = next(self._numbers)
        self._orders.write(json.dumps({"number": number, "do": what, **more}) + "\n")
        self._orders.flush()
        return number

    def line(self) -> dict[str, Any]:
        read = self._lines.get(timeout=PATIENCE)
        assert read, "the client is gone"
        return dict(json.loads(read))

    def end(self) -> None:
        self._orders.close()
        assert self._process.wait(PATIENCE) == 0
        self._reader.join()
        self._out.close()

    def _read(self) -> None:
        for line in self._out:
            self._lines.put(line)
        self._lines.put("")


class ChildEsme:
    """The other end of the pipe. Subclasses say which program it is."""

    program: Sequence[str]

    def __init__(self, port: int) -> None:
        self._child = Child.of((*self.program, str(port)))
        self._heard = Heard()

    def bind(self, way: str, account: str, password: str = PASSWORD) -> int:
        return self._do("bind", way=way, account=account, password=password).status

    def submit(self, to: str, text: bytes, **fields: Any) -> Told:
        return self.ask("submit_sm", **message(to, text, **fields))

    def ask(self, command: str, **fields: Any) -> Told:
        return self._do(
            "ask", command=command, fields={name: _shown(value) for name, value in fields.items()}
        )

    def next(self) -> Came:
        while not self._heard.letters:
            self._take()
        return self._heard.letters.pop(0)

    def enquire(self) -> int:
        return self._do("ask", command="enquire_link", fields={}).status

    def unbind(self) -> int:
        return self._do("unbind").status

    def close(self) -> None:
        self._do("forget")
        Child.idle[self._child.program].append(self._child)

    def _do(self, what: str, **more: Any) -> Told:
        number = self._child.order(what, **more)
        while number not in self._heard.answers:
            self._take()
        return self._heard.answers.pop(number)

    def _take(self) -> None:
        line = self._child.line()
        if "letter" in line:
            letter = line["letter"]
            sar = letter.pop("sar", None)
            text = bytes.fromhex(letter.pop("text"))
            self._heard.letters.append(Came(**letter, text=text, sar=tuple(sar) if sar else None))
        else:
            number = line.pop("answer")
            self._heard.answers[number] = Told(**line)


def _shown(value: object) -> object:
    return {"hex": value.hex()} if isinstance(value, bytes) else value
