"""The program without the second that it takes to load: each run is a fork of a loaded process.

`python -m tests.recipes.prefork SOCKET` listens; `command(...)` is a script that has its arguments,
folder, environment, input and outputs taken over by such a fork, and ends with its exit code.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

ROOMS = ("cli", "files", "declared", "resolve", "rotation", "plan", "api", "apply", "render")
_CLIENT = """\
#!{python} -IS
import json, os, socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect({path!r})
order = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(peer, [len(order).to_bytes(4, "big")], [0, 1, 2])
peer.sendall(order)
sys.exit(peer.recv(1)[0])
"""


def command(path: Path) -> str:
    """The script that has a process at this socket run the program."""
    return _CLIENT.format(python=sys.executable, path=str(path))


def serve(path: Path) -> None:
    """Load the program, and run it for everybody who asks."""
    for room in ROOMS:
        package = import_module(f"flashsync.{room}")
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{path}.new")
        server.listen()
        path.with_name(f"{path.name}.new").rename(path)  # it is there once it can be asked
        while True:
            peer, _ = server.accept()
            if os.fork() == 0:
                _run(peer)
            peer.close()


def _run(peer: socket.socket) -> None:
    """Become the process that was asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, files, _, _ = socket.recv_fds(peer, 4, 3)
    arguments, folder, environment = json.loads(_received(peer, int.from_bytes(size, "big")))
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["flashsync", *arguments]
    peer.sendall(bytes([_ended()]))
    os._exit(0)


def _ended() -> int:
    """How the program ended."""
    from flashsync.cli.entry import main

    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    sys.stdout.flush()
    return 0


def _received(peer: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        parts += peer.recv(size - len(parts))
    return parts


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
