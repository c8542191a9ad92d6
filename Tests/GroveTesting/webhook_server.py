"""An HTTPS server for tests: each request that it gets is a line of JSON on its output.

The path says what it answers: /status/500 with that status, /retry-after/503/60 with that status and header, /redirect with one to /moved, /slow after eight seconds,
/hang never, /endless with a body that does not end; anything else 204. With --flaky every second request is answered 503, after it
was taken.
"""

import argparse
import base64
import json
import os
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = 0
    lock = threading.Lock()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        record = {"path": self.path, "headers": headers, "body": base64.b64encode(body).decode()}
        with Handler.lock:
            Handler.count += 1
            is_bad = arguments.flaky and Handler.count % 2 == 1
            print(json.dumps(record), flush=True)
        if self.path.startswith("/status/"):
            return self.answer(int(self.path.split("/")[2]))
        if self.path.startswith("/retry-after/"):
            status, pause = self.path.split("/")[2:4]
            return self.answer(int(status), **{"retry-after": unquote(pause)})
        if self.path == "/redirect":
            return self.answer(302, location="/moved")
        if self.path == "/slow":
            time.sleep(8)
        if self.path == "/hang":
            threading.Event().wait()
        if self.path == "/endless":
            self.send_response(200)
            self.send_header("content-length", str(10**12))
            self.end_headers()
            while True:
                self.wfile.write(b" " * 65536)
        self.answer(503 if is_bad else 204)

    def answer(self, status, **headers):
        self.send_response(status)
        self.send_header("content-length", "0")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *details):
        pass


def end_with_parent(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--certificate", required=True)
parser.add_argument("--key", required=True)
parser.add_argument("--flaky", action="store_true")
arguments = parser.parse_args()
threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(arguments.certificate, arguments.key)
server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print("listening on", server.server_address[1], flush=True)
server.serve_forever()
