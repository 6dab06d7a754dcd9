"""Make the README's picture: the demo's own output, as an SVG. `python docs/picture.py` writes
docs/demo.svg.
"""

from __future__ import annotations

import asyncio
import io
import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from belfort.demo import Demo, Plan
from belfort.house import House

PICTURE = Path(__file__).with_name("demo.svg")
SETTINGS = {
    "BELFORT_SEED": "2026",
    "BELFORT_CLOCK": "frozen",
    "BELFORT_LOG_LEVEL": "error",
    "BELFORT_GATEWAY_DEADLINE": "2s",
    "BELFORT_MAIL_DEADLINE": "2s",
}
ADDRESSES = re.compile(r"@font-face \{.*?\}\s*", re.S)
"""rich names fonts on a foreign host; the picture must look the same without a network."""


async def main() -> None:
    screen = Console(record=True, width=80, force_terminal=True, file=io.StringIO())
    aside = Console(file=io.StringIO())
    async with await House.open(SETTINGS, free_ports=True) as house:
        where = house.where()
        async with where.api() as api, where.controls() as control:
            await Demo(api, control, Plan(people=1000), console=screen, aside=aside).run()
    drawn = screen.export_svg(title="belfort demo", theme=MONOKAI)
    PICTURE.write_text(ADDRESSES.sub("", drawn))


if __name__ == "__main__":
    asyncio.run(main())
