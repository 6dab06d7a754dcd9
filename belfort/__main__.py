"""The command `belfort`: finds the command that was asked for, runs it, and turns what went wrong into an
exit code.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError
from cyclopts.config import Env

from belfort.exits import Exit, Trouble

COMMANDS = {
    "demo": "Run the main job: a town gets a survey, answers, and every report is compared with the truth.",
    "up": "Run gateway and service in the foreground, for developing against.",
    "service": "Run the survey service alone.",
    "simulator": "Run the gateway and its people alone, beside somebody else's service.",
    "run": "Play scenarios and compare every report with the truth.",
    "load": "Load the whole chain, and judge its figures as well as its speed.",
    "contract": "Check the documented API from outside, at our service or at anybody's.",
    "read": "Say what verdict a reply gets, and by which clause.",
    "numbers": "List the numbers that do things, or decode one.",
    "people": "List the people of the town, show one, or set how one behaves.",
    "send": "Send a survey, to numbers or to a CSV file of customers.",
    "reply": "Answer by hand as one of the people.",
    "press": "Press keys by hand in a call.",
    "tail": "Follow what happens at the gateway.",
    "wait": "Block until a message matches.",
    "clock": "Show, freeze, scale or advance the world's clock.",
    "fault": "Add, list or clear faults.",
    "truth": "Show the report that a perfect service would give.",
    "reset": "Empty the simulated world.",
    "account": "Make, list and revoke accounts and clients in a service's database.",
    "doctor": "Check this machine: versions, ports, write access.",
}
"""Each is a module of `belfort.commands`, imported only when it is asked for: start-up counts."""


def application() -> App:
    """The command line. Every option can also be given as an environment variable `BELFORT_…`."""
    app = App(
        name="belfort",
        help="Send your survey to a town that answers, and know whether your score is right.",
        version=lambda: version("belfort"),
        config=Env("BELFORT_", command=False),
    )
    for name, summary in COMMANDS.items():
        app.command(f"belfort.commands.{name}:{name}", name=name, help=summary)
    app.register_install_completion_command(name="completion")
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on `arguments` (the process's own if None) and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without the letter shows ? and not a crash
            stream.reconfigure(errors="replace")
    try:
        _refuse_unknown_variables()
        result = application()(arguments, result_action="return_value", exit_on_error=False, print_error=True)
        return int(result or Exit.WELL)
    except Trouble as trouble:
        return _say(str(trouble), trouble.code)
    except CycloptsError:  # said already, with a suggestion
        return Exit.USAGE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away: its choice, not a failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.WELL
    except OSError as error:  # a full disk, a file that may not be read
        return _say(str(error), Exit.ENVIRONMENT)
    except Exception:  # the outermost edge: a mistake of ours must not look like a failed check
        traceback.print_exc()
        return _say("that was a mistake in belfort itself; please report the lines above", Exit.INTERNAL)


def _refuse_unknown_variables() -> None:
    from belfort.settings import unknown_variables

    for complaint in unknown_variables(os.environ):
        raise Trouble(complaint, Exit.USAGE)


def _say(message: str, code: Exit) -> Exit:
    print(f"belfort: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
