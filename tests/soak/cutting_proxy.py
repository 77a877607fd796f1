"""A TCP proxy that cuts connections after so many bytes, in either direction."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

_PIECE = 16_384


@dataclass
class CuttingProxy:
    """Passes connections on to `target`; while `cutting`, each is cut somewhere at random.

    A cut is a reset: neither side learns whether the other had received everything.
    """

    target: tuple[str, int]
    chance: Random
    cutting: Callable[[], bool]
    longest: int = 300_000
    cuts: int = 0
    _listener: socket.socket = field(init=False)
    _guard: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens, on this machine."""
        port: int = self._listener.getsockname()[1]
        return port

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self.target)
        except OSError:
            client.close()
            return
        up, down = self._allowances()
        ends = (client, server)
        for source, sink, allowed in ((client, server, up), (server, client, down)):
            thread = threading.Thread(
                target=self._pump, args=(source, sink, allowed, ends), daemon=True
            )
            thread.start()

    def _allowances(self) -> tuple[int | None, int | None]:
        """Return after how many bytes each direction is cut; None lets it run."""
        with self._guard:
            # As often the reply is lost as the request.
            if self.chance.random() < 1 / 2:
                return self.chance.randrange(self.longest), None
            return None, self.chance.randrange(1_200)

    def _pump(
        self,
        source: socket.socket,
        sink: socket.socket,
        allowed: int | None,
        ends: tuple[socket.socket, socket.socket],
    ) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                # Bytes count only while cutting: a connection may be older than that.
                if allowed is not None and self.cutting():
                    if len(piece) >= allowed:
                        sink.sendall(piece[:allowed])
                        self._cut(ends)
                        return
                    allowed -= len(piece)
                sink.sendall(piece)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _cut(self, ends: tuple[socket.socket, socket.socket]) -> None:
        with self._guard:
            self.cuts += 1
        for end in ends:
            with suppress(OSError):
                # Closing without lingering sends a reset, once nobody waits to read any more.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                end.shutdown(socket.SHUT_RD)
            end.close()
