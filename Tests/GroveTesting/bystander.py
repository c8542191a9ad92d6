"""A person's client in a process of its own: it reads their holdings and posts a purchase, ten times a second at most, and
prints how long each took as a line of JSON. What else the test does cannot slow its clock down.
"""

import argparse
import datetime
import http.client
import json
import time
import uuid
from urllib.parse import urlsplit

parser = argparse.ArgumentParser()
parser.add_argument("--url", required=True)
parser.add_argument("--token", required=True)
parser.add_argument("--portfolio", required=True)
parser.add_argument("--purchase", required=True)
parser.add_argument("--seconds", type=float, required=True)
arguments = parser.parse_args()

address = urlsplit(arguments.url)
connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)


def send(kind, method, path, body=None):
    headers = {"Authorization": "Bearer " + arguments.token, "X-Forwarded-For": "198.51.100.7"}
    if body:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    start, status = time.monotonic(), 0
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        status = response.status
    except (OSError, http.client.HTTPException):
        connection.close()
    taken = (time.monotonic() - start) * 1000
    print(json.dumps({"kind": kind, "milliseconds": taken, "status": status}), flush=True)


end = time.monotonic() + arguments.seconds
path = f"/v1/portfolios/{arguments.portfolio}"
while time.monotonic() < end:
    send("read", "GET", path + "/holdings")
    # A purchase of now. At one moment all would have to be replayed with each.
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    send("post", "POST", path + "/transactions", arguments.purchase.replace("2024-05-02T10:00:00Z", now))
    time.sleep(0.1)
