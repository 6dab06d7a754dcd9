"""The OpenAPI document against the running service: schemathesis, every check, a fixed seed.

It guards the document, and proves no behaviour: that is for the tests beside the code.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from service.app import Service
from service.config import Settings

CONFIG = Path(__file__).with_name("schemathesis.toml")
UNLIMITED: dict[str, Any] = {
    "send_rate": 1e6,
    "send_burst": 10_000_000,
    "call_rate": 1e6,
    "call_burst": 10_000_000,
}


@pytest.mark.timeout(180)
async def test_the_service_keeps_to_its_document(tmp_path: Path) -> None:
    settings = Settings(
        port=0, database=str(tmp_path / "x.sqlite3"), gateway_url="http://127.0.0.1:9", **UNLIMITED
    )
    with (tmp_path / "log").open("wb") as log:
        service = await Service.start(settings, log_to=log)
        try:
            token = await service.open_account("contract", "contract-secret")
            code, output = await schemathesis(f"{service.url}/survey/1.0.0/openapi.json", token, tmp_path)
        finally:
            await service.stop()
    assert code == 0, output
    assert "13 selected / 13 total" in output


async def schemathesis(document: str, token: str, folder: Path) -> tuple[int, str]:
    """Its exit code and what it printed."""
    running = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file", str(CONFIG), "run", document, "--no-color",
        "--phases", "examples,coverage,fuzzing", "--max-examples", "25",
        cwd=folder,
        env={**os.environ, "BELFORT_TOKEN": token},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await running.communicate()
    return running.returncode or 0, output.decode(errors="replace")
