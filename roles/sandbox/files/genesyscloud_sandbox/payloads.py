# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bodies that faults need: swapped types, and bodies that are larger than anybody wants."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import Any, BinaryIO

from .messages import Response, Wire

MEGABYTE = 1 << 20
START, END = b'{"queryStatus":"Running","padding":"', b'"}'


class _Collector:
    """A connection that goes nowhere: it keeps what is sent to it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def send(self, data: bytes) -> None:
        """Keep the bytes."""
        self.parts.append(data)

    def send_file(self, file: BinaryIO, offset: int, count: int) -> None:
        """Keep a part of the file."""
        file.seek(offset)
        self.parts.append(file.read(count))

    def wait(self, seconds: float) -> None:
        """Do not wait."""

    def reset(self) -> None:
        """Nothing to reset."""

    def end(self) -> None:
        """Nothing to end."""

    def go_away(self) -> None:
        """Nothing to leave."""


def collected(response: Response) -> Response:
    """The same response with all of its body in ``body``, for a fault that needs the bytes."""
    if response.conduct is None:
        return response
    wire = _Collector()
    response.conduct(wire, b"", response.body)
    return Response(response.status, b"".join(wire.parts), response.headers)


def swapped(value: Any, *, lists: bool, key: str = "") -> Any:
    """The same JSON with other types: texts become objects and numbers texts; lists too become objects when asked.

    ``queryStatus`` stays, so that a client gets as far as the rows.
    """
    if key == "queryStatus":
        return value
    if isinstance(value, dict):
        return {name: swapped(item, lists=lists, key=name) for name, item in value.items()}
    if isinstance(value, list):
        if lists:
            return {"unexpected": len(value)}
        return [swapped(item, lists=lists) for item in value]
    if isinstance(value, str):
        return {"unexpected": value}
    return "n/a" if isinstance(value, (int, float)) else 0


@lru_cache(maxsize=4)
def gzip_bomb(megabytes: int) -> bytes:
    """A small gzip body that unpacks to a valid JSON object of so many megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    spaces = b" " * MEGABYTE
    parts = [packer.compress(START) + packer.flush(zlib.Z_FULL_FLUSH)]
    # After a full flush nothing refers back, so the same block can stand any number of times.
    block = packer.compress(spaces) + packer.flush(zlib.Z_FULL_FLUSH)
    parts += [block] * megabytes
    parts.append(packer.compress(END) + packer.flush(zlib.Z_FINISH))
    checksum = zlib.crc32(START)
    for _number in range(megabytes):
        checksum = zlib.crc32(spaces, checksum)
    checksum = zlib.crc32(END, checksum)
    size = len(START) + megabytes * MEGABYTE + len(END)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return head + b"".join(parts) + struct.pack("<II", checksum, size & 0xFFFFFFFF)


def padded(megabytes: int) -> Response:
    """A valid JSON object of so many megabytes, sent piece by piece."""

    def conduct(wire: Wire, head: bytes, _body: bytes) -> None:
        wire.send(head + START)
        for _number in range(megabytes):
            wire.send(b" " * MEGABYTE)
        wire.send(END)

    length = len(START) + megabytes * MEGABYTE + len(END)
    return Response(200, b"", {"Content-Type": "application/json"}, length, conduct)
