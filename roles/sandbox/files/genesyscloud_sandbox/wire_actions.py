# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults of the connection: answers that are cut, reset, late, slow or too large."""

from __future__ import annotations

from collections.abc import Iterator

from .actions import ACTIONS, Situation, action
from .messages import Response, Wire
from .payloads import collected, gzip_bomb, padded


@action("truncated")
def _truncated(situation: Situation) -> Response:
    normal = collected(situation.normal())
    normal.length = len(normal.body)
    normal.body = normal.body[: len(normal.body) // 2]

    def conduct(wire: Wire, head: bytes, body: bytes) -> None:
        wire.send(head + body)
        wire.end()

    normal.conduct = conduct
    return normal


@action("truncated_json")
def _truncated_json(situation: Situation) -> Response:
    normal = collected(situation.normal())
    normal.body = normal.body[: len(normal.body) // 2]
    return normal


@action("wrong_length")
def _wrong_length(situation: Situation) -> Response:
    normal = collected(situation.normal())
    normal.length = max(0, len(normal.body) + int(situation.seconds(1)))

    def conduct(wire: Wire, head: bytes, body: bytes) -> None:
        wire.send(head + body)
        if len(body) < (normal.length or 0):
            # The connection stays open, so that a client goes on waiting for what was promised.
            wire.wait(3600.0)
        wire.end()

    normal.conduct = conduct
    return normal


@action("go_away")
def _go_away(_situation: Situation) -> Response:
    return Response(0, conduct=lambda wire, _head, _body: wire.go_away())


@action("reset_before")
def _reset_before(_situation: Situation) -> Response:
    return Response(0, conduct=lambda wire, _head, _body: wire.reset())


@action("reset_after")
def _reset_after(situation: Situation) -> Response:
    normal = collected(situation.normal())

    def conduct(wire: Wire, head: bytes, _body: bytes) -> None:
        wire.send(head)
        wire.reset()

    normal.conduct = conduct
    return normal


@action("hang")
def _hang(situation: Situation) -> Response:
    seconds = situation.seconds(3600.0)
    normal = collected(situation.normal())

    def conduct(wire: Wire, head: bytes, body: bytes) -> None:
        wire.wait(seconds)
        wire.send(head + body)

    normal.conduct = conduct
    return normal


@action("slow_body")
def _slow_body(situation: Situation) -> Response:
    seconds, step = situation.seconds(0.1), int(situation.options.get("bytes", 1))
    normal = collected(situation.normal())

    def conduct(wire: Wire, head: bytes, body: bytes) -> None:
        wire.send(head)
        for part in _parts(body, step):
            wire.wait(seconds)
            wire.send(part)

    normal.conduct = conduct
    return normal


def _parts(body: bytes, step: int) -> Iterator[bytes]:
    return (body[at : at + step] for at in range(0, len(body), step))


@action("big_body")
def _big_body(situation: Situation) -> Response:
    return padded(int(situation.seconds(64)))


@action("gzip_bomb")
def _gzip_bomb(situation: Situation) -> Response:
    body = gzip_bomb(int(situation.seconds(64)))
    return Response(200, body, {"Content-Type": "application/json", "Content-Encoding": "gzip"})


ALL_ACTIONS = ACTIONS
"""Every action, those of this file included: importing it is what makes them known."""
