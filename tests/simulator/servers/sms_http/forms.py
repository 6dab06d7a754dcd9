"""Addresses, credentials and messages as clients of the EnCo SMS API write them."""

import base64

from tests.simulator.servers.gateway import CLIENT, SECRET

ANSWERS_7 = "+32450000700"
SILENT = "+32450030000"
UNKNOWN = "+32450040100"
BASIC = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
FIELDS = f"grant_type=client_credentials&client_id={CLIENT}&client_secret={SECRET}&scope=openid"
FORM_A = f"""
POST /token HTTP/1.1
Host: api.enco.io
Authorization: Basic {BASIC}
Content-Type: application/x-www-form-urlencoded
"""
FORM_A_IN_BODY = """
POST /token HTTP/1.1
Host: api.enco.io
Content-Type: application/x-www-form-urlencoded
"""
FORM_B = f"""
POST /token?{FIELDS}&Accept=application%2Fjson HTTP/1.1
Host: api.enco.io
Content-Length: 0
"""
FORM_C = f"""
POST /token?{FIELDS} HTTP/1.1
Host: login.enco.io
Content-Type: application/x-www-form-urlencoded
"""
