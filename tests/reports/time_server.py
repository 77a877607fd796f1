"""The test's time-stamp authority behind real HTTP, honest or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from asn1crypto import tsp

from tests.reports.timekeeping import LATER, SINCE, replying

KIND = "application/timestamp-reply"
# Takes a request and returns the pieces of a reply, sent one after the other.
Reply = Callable[[tsp.TimeStampReq], Iterator[bytes]]


def honest(name: str = "Time Authority", at: datetime = LATER, since: datetime = SINCE) -> Reply:
    """Stamp what is asked for, by a clock that shows `at` and a certificate valid `since`."""

    def reply(request: tsp.TimeStampReq) -> Iterator[bytes]:
        yield replying(request, at, name, since).dump()

    return reply


@contextmanager
def serving(reply: Reply, kind: str = KIND) -> Iterator[str]:
    """Answer requests with `reply` for a while; yields the address."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            try:
                for piece in reply(tsp.TimeStampReq.load(body)):
                    self.wfile.write(piece)
            except OSError:
                # Whoever asked did not wait for the end.
                pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
