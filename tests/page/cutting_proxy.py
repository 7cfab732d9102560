"""A proxy that can cut every connection, as a network that is lost does, and keeps what browsers send through it."""

from __future__ import annotations

import contextlib
import socket
import threading


class CuttingProxy:
    """Passes bytes between its own address and a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port, self.sent = port, bytearray()
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"

    def __enter__(self) -> CuttingProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self.cut()

    def cut(self) -> None:
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # it is closed
            while True:
                browser, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self.port))
                self._open |= {browser, server}
                threading.Thread(target=self._pass, args=(browser, server, self.sent), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, browser, None), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, kept: bytearray | None) -> None:
        """Pass bytes on until one side ends; then end both."""
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if kept is not None:
                    kept += piece
                target.sendall(piece)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()
