"""What goes over the wire: compressed and cacheable static files, and headers that keep the browser at this origin."""

from __future__ import annotations

import gzip
import threading

import brotli  # type: ignore[import-untyped]  # it ships no types
from flask import Flask, Response, request

_STATIC = ("/assets/", "/_dash-component-suites/")
_TEXT = ("text/", "application/javascript", "application/json", "image/svg")
_YEAR = "public, max-age=31536000, immutable"
_SMALL = 900  # bytes below which compression gains nothing
_DYNAMIC_QUALITY = (
    7  # 5 % less than 5, for half a millisecond; static files get 9: 11 would save 8 % more and cost the first visitor five seconds
)


def deliver(server: Flask, script_hashes: list[str]) -> None:
    """Compress answers and set headers. script_hashes: of the inline scripts Dash writes, for the content security policy."""
    policy = "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' " + " ".join(script_hashes),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )
    static = _Static()

    def finish(response: Response) -> Response:
        if response.mimetype == "text/html":  # a policy binds documents; on everything else it is only weight
            response.headers["Content-Security-Policy"] = policy
            response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if response.status_code == 200 and request.method == "GET" and request.path.startswith(_STATIC):
            return static.prepared(response)
        return _compressed(response)

    server.after_request(finish)


def plain_json(text: str) -> str:
    """JSON in which Plotly and Dash write <, > and / as \\u003c, \\u003e and \\u002f, with the characters themselves: a tenth lighter.

    JSON that has such six characters as a text of its own (a backslash escaped before them) stays as it is.
    """
    return text if "\\\\u00" in text else text.replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u002f", "/")


class _Static:
    """Static files compressed once for the life of the process. Keyed by URL with its fingerprint, so a new file is a new key."""

    def __init__(self) -> None:
        self._packed: dict[tuple[str, str], bytes] = {}
        self._lock = threading.Lock()

    def prepared(self, response: Response) -> Response:
        if _is_fingerprinted():
            response.headers["Cache-Control"] = _YEAR
        encoding = _encoding(response)
        if not encoding:
            return response
        key = (encoding, request.full_path + str(response.headers.get("ETag")))
        with self._lock:
            if key not in self._packed:
                self._packed[key] = _pack(_body(response), encoding, best=True)
        return _replaced(response, self._packed[key], encoding)


def _compressed(response: Response) -> Response:
    encoding = _encoding(response)
    if not encoding or response.status_code != 200:
        return response
    body = _body(response)
    if response.mimetype == "application/json":
        body = plain_json(body.decode()).encode()
        response.set_data(body)
    return response if len(body) < _SMALL else _replaced(response, _pack(body, encoding, best=False), encoding)


def _encoding(response: Response) -> str:
    """br, gzip or "" when the client takes neither, or the answer is not text or is encoded already."""
    if response.headers.get("Content-Encoding") or not (response.mimetype or "").startswith(_TEXT):
        return ""
    return next((name for name in ("br", "gzip") if request.accept_encodings.quality(name) > 0), "")


def _is_fingerprinted() -> bool:
    """Our own assets carry ?v=<hash>, Dash's component files their version and time in the name."""
    return "v" in request.args or ".v" in request.path.rsplit("/", 1)[-1]


def _pack(body: bytes, encoding: str, *, best: bool) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=9 if best else _DYNAMIC_QUALITY))
    return gzip.compress(body, 9 if best else 6, mtime=0)


def _body(response: Response) -> bytes:
    response.direct_passthrough = False
    stream = response.response
    content = response.get_data()
    _close(stream)
    return content


def _close(stream: object) -> None:
    """Static files come as an open file, which nobody else closes once their content is replaced."""
    close = getattr(stream, "close", None)
    if close:
        close()


def _replaced(response: Response, body: bytes, encoding: str) -> Response:
    _close(response.response)
    response.set_data(body)
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(body))
    if request.method == "GET":  # nothing keeps the answer to a POST, so nothing can mistake it
        response.headers.add("Vary", "Accept-Encoding")
    return response
