"""Programs without the second that they take to load: each run is a fork of a loaded process.

`python -m tests.recipes.prefork SOCKET` listens; a script of `scripts` has its arguments, folder,
environment, input and outputs taken over by such a fork, and ends with its exit code.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

PROGRAMS = {
    "flashsync": "flashsync.cli.entry",
    "gh": "tests.recipes.gh",
    "glab": "tests.recipes.glab",
    "jq": "tests.recipes.jq_command",
}
"""Where the `main` of each is: the program itself, two stand-ins, and a library's command line."""
ROOMS = (
    "cli",
    "files",
    "declared",
    "resolve",
    "rotation",
    "plan",
    "checks",
    "api",
    "apply",
    "render",
    "operations",
)
_CLIENT = """\
#!{python} -IS
import json, os, socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect({path!r})
order = json.dumps([{name!r}, sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(peer, [len(order).to_bytes(4, "big")], [0, 1, 2])
peer.sendall(order)
sys.exit(peer.recv(1)[0])
"""


def scripts(path: Path) -> dict[str, str]:
    """For each program a script that has the process at this socket run it."""
    python = sys.executable
    return {name: _CLIENT.format(python=python, path=str(path), name=name) for name in PROGRAMS}


def serve(path: Path) -> None:
    """Load the programs, and run them for everybody who asks."""
    for room in ROOMS:
        package = import_module(f"flashsync.{room}")
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    for program in PROGRAMS.values():
        import_module(program)
    gc.freeze()
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
    name, arguments, folder, environment = json.loads(_received(peer, int.from_bytes(size, "big")))
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [name, *arguments]
    code = _ended(PROGRAMS[name])
    sys.stdout.flush()
    sys.stderr.flush()
    peer.sendall(bytes([code]))
    os._exit(0)


def _ended(program: str) -> int:
    """How a program ended, by its return or its exit."""
    try:
        end = import_module(program).main()
    except SystemExit as exited:
        end = exited.code
    except BaseException:
        traceback.print_exc()
        return 1
    if isinstance(end, str):
        sys.stderr.write(f"{end}\n")
        return 1
    return end or 0


def _received(peer: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        parts += peer.recv(size - len(parts))
    return parts


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
