"""The local server of the page with an editor: it answers that page, and nobody else.

It listens on 127.0.0.1 only. A path begins with a token that is drawn for each run; the Host has to be this server's,
so that no other name leads to it; the Origin has to be its own, so that no other page can ask it.
"""

from __future__ import annotations

import json
import secrets
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any

from archcalc.web.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a request: a spec of the largest size, each character written as JSON can."""

PATIENCE = 20
"""Seconds after which a connection is closed that sends nothing."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PlayServer(ThreadingHTTPServer):
    """Serves one page, and answers it by a worker."""

    daemon_threads = True

    def __init__(self, port: int, settings: Mapping[str, Any], worker: Worker | None = None) -> None:
        self.token = secrets.token_urlsafe(24)
        self.settings = settings
        self.worker = worker or Worker()
        super().__init__(("127.0.0.1", port), _Handler)
        self.hosts = tuple(f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost"))

    def server_bind(self) -> None:
        """Listen, without asking the network what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://{self.hosts[0]}/{self.token}/"

    def page(self) -> bytes:
        """Return the page."""
        from archcalc.web.play import play_page

        return play_page("native.js", self.settings, {"connect-src": "'self'"}).encode()

    def server_close(self) -> None:
        """Stop listening, and end the worker."""
        super().server_close()
        self.worker.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that breaks."""


class _Handler(BaseHTTPRequestHandler):
    server: PlayServer
    timeout = PATIENCE
    server_version = "archcalc"
    sys_version = ""

    def do_GET(self) -> None:
        """Send the page."""
        if self._refused(""):
            return
        self._send(HTTPStatus.OK, self.server.page(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Answer a request of the page."""
        if self._refused("answer"):
            return
        try:
            text, name, options = self._request()
        except _WrongRequestError as wrong:
            self._refuse(wrong.status)
            return
        found = self.server.worker.answer(text, name, options)
        self._send(HTTPStatus.OK, json.dumps(found).encode(), "application/json")

    def _refused(self, path: str) -> bool:
        """Refuse whatever is not the page's own request for a path below the token."""
        token, slash, rest = self.path.removeprefix("/").partition("/")
        origins = [f"http://{host}" for host in self.server.hosts]
        origin = self.headers.get("Origin")
        if self.headers.get_all("Host", []) not in [[host] for host in self.server.hosts]:
            status = HTTPStatus.MISDIRECTED_REQUEST
        elif (origin is None and self.command == "POST") or origin not in [None, *origins]:
            status = HTTPStatus.FORBIDDEN
        elif not slash or not compare_digest(token.encode(), self.server.token.encode()) or rest not in ("", "answer"):
            status = HTTPStatus.NOT_FOUND
        elif rest != path:
            status = HTTPStatus.METHOD_NOT_ALLOWED
        else:
            return False
        self._refuse(status)
        return True

    def _request(self) -> tuple[str, str, dict[str, Any]]:
        """Read a request; raise _WrongRequestError for one that the page does not make."""
        if self.headers.get_content_type() != "application/json":
            raise _WrongRequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            raise _WrongRequestError(HTTPStatus.LENGTH_REQUIRED)
        if len(length) > 10 or int(length) > MAX_BODY:
            raise _WrongRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            match json.loads(self.rfile.read(int(length))):
                case {"text": str(text), "name": str(name), "options": dict(options), **rest} if not rest:
                    return text, name, options
        except (ValueError, RecursionError):
            pass
        raise _WrongRequestError(HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._send(status, f"{status.phrase}\n".encode(), "text/plain; charset=utf-8")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what the base class cannot read, or a method that is not known."""
        self._refuse(HTTPStatus(code))

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "POST" if self.path.endswith("answer") else "GET")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *values: Any) -> None:
        """Log nothing."""


class _WrongRequestError(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
