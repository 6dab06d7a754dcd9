"""Fuzzes one reader of SMPP under the eyes of libFuzzer, which keeps every input that reaches new code.

    python -m tests.fuzzing.guided simulator|service [-runs=COUNT] [-seed=SEED] [libFuzzer's options] [DIR…]

Without folders it begins with one PDU of each kind. It ends with libFuzzer's figures, or with the input that
broke a promise. Atheris measures only what is imported under its eyes, so the readers are imported late.
"""

from __future__ import annotations

import importlib
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import atheris

READERS = {
    "planted": ("tests.fuzzing.planted", ["tests.fuzzing.planted"]),
    "simulator": ("tests.simulator.wire.smpp.fuzz", ["simulator.wire"]),
    "service": (
        "tests.service.wire.fuzz",
        ["service.wire", "service.domain", "service.gateways.smpp_meaning"],
    ),
}
"""Who is fuzzed, by which module, and what is measured."""
LONGEST = 1_024
HEADER = 4


def main() -> None:
    name, *options = sys.argv[1:] or [""]
    if name not in READERS:
        sys.exit(__doc__)
    module, measured = READERS[name]
    with atheris.instrument_imports(include=measured):
        reader = importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        if all(each.startswith("-") for each in options):
            for number, octets in enumerate(reader.seeds()):
                Path(folder, str(number)).write_bytes(octets)
            options.append(folder)
        atheris.Setup(
            [sys.argv[0], f"-max_len={LONGEST}", *options], _one(reader.check), custom_mutator=_mutate
        )
        atheris.Fuzz()


def _one(check: Callable[[bytes, Random], object]) -> Callable[[bytes], None]:
    def run(octets: bytes) -> None:
        check(octets, Random(len(octets)))

    return run


def _mutate(octets: bytes, most: int, seed: int) -> bytes:
    """libFuzzer's own accidents; three times out of four command_length is right again, or hardly any input
    would get beyond it."""
    found = bytearray(atheris.Mutate(octets, most))
    if seed % 4 and len(found) >= HEADER:
        found[:HEADER] = struct.pack(">I", len(found))
    return bytes(found)


if __name__ == "__main__":
    main()
