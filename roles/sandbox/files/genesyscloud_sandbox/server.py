# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The HTTP server: as little work for each request as HTTP/1.1 with keep-alive allows."""

from __future__ import annotations

import itertools
import socket
import ssl
import struct
import uuid
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO

from .messages import ApiError, Request, Response

LINE_LIMIT = 65_536
HEADER_LIMIT = 200
BODY_LIMIT = 16 << 20
"""Bytes the server reads at most; what the API itself allows is checked by its operations."""

Answer = Callable[[Request], Response]


class Server(ThreadingHTTPServer):
    """Threads, a long queue of connections, and no look-up of names."""

    request_queue_size = 1024
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, address: tuple[str, int], answer: Answer, wait: Callable[[float], object], tls: tuple[str, str] | None
    ) -> None:
        self.answer = answer
        self.wait = wait
        self.open_sockets: set[socket.socket] = set()
        # Correlation ids are UUIDs in shape; counting is cheaper than a random one each time.
        self._prefix = str(uuid.uuid4())[:24]
        self._numbers = itertools.count(1)
        super().__init__(address, Handler)
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            # The handshake happens at the first read, in the connection's own thread.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def server_bind(self) -> None:
        """Bind without asking for the host's name, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def correlation_id(self) -> str:
        """A unique id for an exchange."""
        return f"{self._prefix}{next(self._numbers):012x}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be closed when the server stops."""
        self.open_sockets.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection and close it."""
        self.open_sockets.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients go away as they like; what operations do wrong is reported where it happens."""

    def close_connections(self) -> None:
        """Close every open connection."""
        for connection in list(self.open_sockets):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection. Of the base class only the life of a connection is used: its parser costs too much."""

    server: Server
    disable_nagle_algorithm = True
    rbufsize = 65_536

    def handle_one_request(self) -> None:
        """Read one request, answer it, and say whether the connection stays."""
        self.close_connection = True
        try:
            request = self._read()
            if request is None:
                return
            response = self.server.answer(request)
            head = response.head()
            if response.conduct is not None:
                response.conduct(self, head, response.body)
            else:
                self.connection.sendall(head + response.body if request.method != "HEAD" else head)
        except (OSError, ValueError):
            self.close_connection = True

    def _read(self) -> Request | None:
        line = self.rfile.readline(LINE_LIMIT)
        words = line.decode("latin-1").split()
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return None
        headers: dict[str, str] = {}
        for _number in range(HEADER_LIMIT):
            line = self.rfile.readline(LINE_LIMIT)
            if line in (b"\r\n", b"\n", b""):
                break
            name, _colon, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = b""
        if "transfer-encoding" in headers or int(headers.get("content-length", 0)) > BODY_LIMIT:
            refusal = ApiError(411, "length.required", "The sandbox needs a Content-Length, and a sensible one")
            response = refusal.response(self.server.correlation_id())
            self.connection.sendall(response.head() + response.body)
            return None
        if "content-length" in headers:
            if headers.get("expect", "").lower() == "100-continue":
                self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = self.rfile.read(int(headers["content-length"]))
        connection = headers.get("connection", "").lower()
        self.close_connection = connection == "close" or (words[2] == "HTTP/1.0" and connection != "keep-alive")
        return Request(words[0], words[1], headers, body, self.client_address, self.server.correlation_id())

    def send(self, data: bytes) -> None:
        """Send all of these bytes."""
        self.connection.sendall(data)

    def send_file(self, file: BinaryIO, offset: int, count: int) -> None:
        """Send a part of a file."""
        self.connection.sendfile(file, offset, count)

    def wait(self, seconds: float) -> None:
        """Let real time pass."""
        self.server.wait(seconds)

    def reset(self) -> None:
        """Close with RST: no lingering, and no FIN before it."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.connection.close()

    def end(self) -> None:
        """Close the connection once this response is out."""
        self.close_connection = True

    def go_away(self) -> None:
        """Reset the connection once nobody listens any more."""
        self.server.shutdown()
        self.server.server_close()
        self.reset()
