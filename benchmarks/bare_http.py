"""`python -m benchmarks.bare_http`: aiohttp that reads a body and answers a small JSON, and nothing else:
what a service on aiohttp can reach at most. Ends when standard input closes.
"""

from __future__ import annotations

import asyncio
import json
import sys

from aiohttp import web

ANSWER = {"requests": [{"status": "ACCEPTED", "id": "0199a5c0-0000-7000-8000-000000000000"}]}


async def answered(request: web.Request) -> web.Response:
    """202, as the service gives it."""
    await request.read()
    return web.json_response(ANSWER, status=202)


async def serve() -> None:
    """Until standard input closes."""
    application = web.Application()
    application.router.add_post("/{tail:.*}", answered)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(json.dumps({"service": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
