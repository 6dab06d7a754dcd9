"""Where a running harness is, and as whom to call it: the options that every command by hand shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from belfort.client import Control, Credentials, SurveyApi

SERVICE_PORT, CONTROL_PORT, GATEWAY_PORT = 8032, 8033, 8034
CLIENT_ID, CLIENT_SECRET = "belfort", "belfort-secret"  # what `belfort up` makes, on loopback only
SECOND_CLIENT_ID, SECOND_CLIENT_SECRET = "belfort-two", "belfort-two-secret"  # ditto


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Where:
    """A running harness; the defaults are those of `belfort up`."""

    url: str = f"http://127.0.0.1:{SERVICE_PORT}"
    "Base URL of the survey service, ours or anybody's."
    control: str = f"http://127.0.0.1:{CONTROL_PORT}"
    "Base URL of the simulator's control API."
    client_id: str = CLIENT_ID
    "OAuth client id of the account to call as."
    client_secret: Annotated[str, Parameter(show_default=False)] = CLIENT_SECRET
    "Its secret."
    token: Annotated[str | None, Parameter(show_default=False)] = None
    "A bearer token, instead of id and secret."
    control_token: Annotated[str | None, Parameter(show_default=False)] = None
    "The control API's token, if it asks for one."

    def api(self) -> SurveyApi:
        return SurveyApi(self.url, Credentials(self.client_id, self.client_secret), self.token)

    def controls(self) -> Control:
        return Control(self.control, self.control_token)


HERE = Where()
