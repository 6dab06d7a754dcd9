from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.clients.town", "tests.clients.child")

from tests.clients import town as towns  # noqa: E402
from tests.clients.child import Child  # noqa: E402
from tests.clients.town import Town  # noqa: E402


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with towns.opened(tmp_path_factory.mktemp("clients")) as opened:
        try:
            yield opened
        finally:
            Child.end_all()
