"""The body of an answer, decoded as it comes in and never more of it than is allowed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from zoey_netsuite.errors import TransportError

ENCODINGS = "gzip, deflate"
"""What is asked for. Others can't be decoded in parts of a known size."""

MOST = 64 * 1024 * 1024
"""Bytes of a decoded body, at the most, unless a transport is told otherwise."""


PIECE = 1024 * 1024
"""Bytes that are decoded at a time."""


class Body:
    """Takes the parts of a body as they come over the wire.

    Args:
        headers: of the answer, names in lower case.
        most: bytes, decoded.
        host: whose answer it is, for messages.
    """

    def __init__(self, headers: Mapping[str, str], most: int, host: str) -> None:
        self._encoding = headers.get("content-encoding", "identity").strip().lower() or "identity"
        self._most = most
        self._host = host
        self._parts: list[bytes] = []
        self._room = most
        self._begun = False
        self._decoder: Any = None
        if self._encoding in ("gzip", "x-gzip"):
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif self._encoding == "deflate":
            self._decoder = zlib.decompressobj()
        elif self._encoding != "identity":
            raise TransportError(f"the answer is encoded as {self._encoding!r}, not {ENCODINGS} ({host})", sent=True)

    def add(self, raw: bytes) -> None:
        """Take a part.

        Raises:
            TransportError: the body is too large, or not encoded as its headers say.
        """
        if self._decoder is None:
            self._keep(raw)
        while self._decoder is not None and raw:
            self._keep(self._decoded(raw))
            raw = self._decoder.unconsumed_tail

    def whole(self) -> bytes:
        """The body, now that all parts are there.

        Raises:
            TransportError: it ends in the middle.
        """
        if self._decoder is not None and self._begun and not self._decoder.eof:
            raise TransportError(f"the answer's {self._encoding} ends in the middle ({self._host})", sent=True)
        return b"".join(self._parts)

    def _decoded(self, raw: bytes) -> bytes:
        """A piece of it; the decoder keeps the rest."""
        try:
            part: bytes = self._decoder.decompress(raw, PIECE)
        except zlib.error as error:
            if self._encoding != "deflate" or self._begun:
                what = f"the answer can't be decoded as {self._encoding}: {error} ({self._host})"
                raise TransportError(what, sent=True) from error
            self._begun = True  # some servers leave out the frame of zlib
            self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._decoded(raw)
        self._begun = True
        return part

    def _keep(self, part: bytes) -> None:
        self._room -= len(part)
        if self._room < 0:
            failure = TransportError(
                f"the answer is larger than {self._most:,} bytes decoded, and was not read to its end ({self._host})."
                " If it may be so large, allow it: HttpxTransport(max_bytes=…)",
                sent=True,
            )
            failure.final = True
            raise failure
        self._parts.append(part)
