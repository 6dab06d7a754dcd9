"""How programs end: by signals, by the end of their input, and never leaving anything behind."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from belfort.exits import Exit
from tests.belfort.child import belfort

PASSING = (Path("/dev/shm"), Path(tempfile.gettempdir()))
UP = ("up", "--json", "--port", "0")
SIMULATOR = ("simulator", "--json", "--port", "0")


@pytest.mark.parametrize("command", [UP, SIMULATOR])
@pytest.mark.parametrize(("told", "code"), [(signal.SIGTERM, Exit.WELL), (signal.SIGINT, Exit.INTERRUPTED)])
def test_a_signal_right_after_the_line_of_addresses_ends_it_in_order(command, told, code):
    with belfort(*command) as child:
        json.loads(child.stdout.readline())
        child.send_signal(told)
        out, err = child.communicate(timeout=20)
        assert (child.returncode, out, err) == (code, "", "")


def test_a_tied_program_ends_with_its_input():
    with belfort(*UP, "--tied") as child:
        json.loads(child.stdout.readline())
        child.stdin.write("not read\n")
        child.stdin.close()
        assert child.wait(timeout=20) == Exit.WELL


def test_a_tied_program_whose_input_is_at_its_end_already_says_so_and_ends(tmp_path: Path):
    file = tmp_path / "input"
    file.write_text("x")
    with file.open() as at_its_end:
        for given in (subprocess.DEVNULL, at_its_end):
            with belfort(*SIMULATOR, "--tied", stdin=given) as child:
                said = child.stderr.read()
                assert child.wait(timeout=20) == Exit.WELL
                assert said == "belfort: --tied, and standard input is closed already: ending\n"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at open files as Linux shows them")
def test_a_demo_that_is_stopped_leaves_no_folder_behind():
    with belfort("demo", "--people", "20000") as child:
        while not (folders := _folders_of(child.pid)):
            assert child.poll() is None
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=20) == Exit.INTERRUPTED
    assert [folder for folder in folders if folder.exists()] == []


def _folders_of(process: int) -> set[Path]:
    """The passing folders in which a process has files open."""
    places = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            places.add(link.readlink().parent)
    return {place for place in places if place.name.startswith("belfort-") and place.parent in PASSING}


def test_following_ends_when_nobody_reads_any_more():
    with belfort(*SIMULATOR, "--clock", "frozen") as simulator:
        control = json.loads(simulator.stdout.readline())["control"]
        with belfort("tail", "--after", "0", "--control", control) as child:
            assert "world.opened" in child.stdout.readline()
            child.stdout.close()
            assert child.wait(timeout=20) == Exit.WELL
            assert child.stderr.read() == ""
