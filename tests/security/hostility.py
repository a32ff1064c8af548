# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody hostile on a real loopback socket: answers as it is told, and remembers all that it gets."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def credentials(self) -> str:
        return self.headers.get("Authorization", "")


@dataclass(frozen=True)
class Answer:
    """What is answered. ``body`` is JSON unless it is bytes."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)


class Hostile:
    """A running server. ``answer`` says what each request gets; ``got`` is what came, whatever it was."""

    def __init__(self, answer: Callable[[Got], Answer], tls: ssl.SSLContext | None = None) -> None:
        self.got: list[Got] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def _handle(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                got = Got(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
                owner.got.append(got)
                said = answer(got)
                body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
                self.send_response_only(said.status)
                headers = {"Content-Type": "application/json", **said.headers, "Content-Length": str(len(body))}
                for name, value in headers.items():
                    self.wfile.write(f"{name}: {value}\r\n".encode("latin-1", "replace"))
                self.wfile.write(b"Connection: close\r\n\r\n")
                self.close_connection = True
                self.wfile.write(body)

            do_GET = do_POST = do_HEAD = do_PUT = do_CONNECT = _handle

            def send_response_only(self, code: int, message: str | None = None) -> None:
                self.wfile.write(f"HTTP/1.1 {code} {message or 'Said'}\r\n".encode())

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Clients go away as they like."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextmanager
def hostile(answer: Callable[[Got], Answer] | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """A hostile server; without ``answer`` one at which nothing must ever arrive."""
    made = Hostile(answer or (lambda _got: Answer(200, {})), tls)
    try:
        yield made
    finally:
        with suppress(OSError):
            made.stop()


def sent_secrets(got: Got) -> list[str]:
    """What a request said of its sender's secrets: the header as it is, and what is in it."""
    word = got.credentials.partition(" ")[2]
    with suppress(ValueError):
        return [got.credentials, word, base64.b64decode(word, validate=True).decode()]
    return [got.credentials, word]
