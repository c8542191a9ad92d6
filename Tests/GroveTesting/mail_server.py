"""A real mail server for tests, by aiosmtpd: each message that it takes is a line of JSON on its output.

What a recipient is called says what the server does with mail to them: unknown-… is refused with 550, greylisted-… put
off with 451, refused-… refused after the message was read, slow-… answered after some seconds, when the message is
taken already.
"""

import argparse
import asyncio
import base64
import json
import os
import ssl
import threading
import time

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    slow_seconds = 3.0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown"):
            return "550 5.1.1 no mailbox " + address
        if address.startswith("greylisted"):
            return "451 4.7.1 come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("refused"):
            return "554 5.6.0 not like this"
        record = {
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "content": base64.b64encode(envelope.content).decode(),
            "hello": session.host_name,
            "user": session.auth_data if session.authenticated else None,
            "tls": server.transport.get_extra_info("sslcontext") is not None,
        }
        print(json.dumps(record), flush=True)
        if recipient.startswith("slow"):
            await asyncio.sleep(self.slow_seconds)
        return "250 2.0.0 Ok: queued as 4F2A"


def authenticate(server, session, envelope, mechanism, data):
    is_right = (data.login, data.password) == (b"grove", b"secret")
    return AuthResult(success=is_right, handled=False, auth_data=data.login.decode())


def end_with_parent(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--auth", action="store_true")
    parser.add_argument("--busy", action="store_true", help="refuses every sender for now, with 421")
    parser.add_argument("--slow-seconds", type=float, default=3.0)
    arguments = parser.parse_args()
    context = None
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate, arguments.key)
    handler = Handler()
    handler.slow_seconds = arguments.slow_seconds
    if arguments.busy:
        async def handle_MAIL(server, session, envelope, address, options):
            return "421 4.3.2 too busy"
        handler.handle_MAIL = handle_MAIL
    options = {"hostname": "mail.test"}
    if arguments.auth:
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": not arguments.implicit_tls}
    if context and not arguments.implicit_tls:
        options |= {"tls_context": context, "require_starttls": True}

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, **options), "127.0.0.1", arguments.port,
        ssl=context if arguments.implicit_tls else None)
    print("listening on", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
asyncio.run(main())
