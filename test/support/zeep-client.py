"""Calls services by zeep as the commands on standard input say; prints what came back as JSON."""

import json
import sys

from requests import Session
from requests.auth import HTTPBasicAuth
from zeep import Client
from zeep.exceptions import Fault
from zeep.helpers import serialize_object
from zeep.transports import Transport

command = json.load(sys.stdin)
session = Session()
session.auth = HTTPBasicAuth(command["user"], command["password"])


def call(wsdl, operation, arguments):
    client = Client(wsdl, transport=Transport(session=session))
    try:
        answer = getattr(client.service, operation)(**arguments)
    except Fault as fault:
        detail = fault.detail[0] if fault.detail is not None and len(fault.detail) else None
        return {"fault": fault.code, "message": fault.message, "detail": None if detail is None else detail.tag}
    return {"answer": serialize_object(answer, dict)}


json.dump([call(**one) for one in command["calls"]], sys.stdout)
