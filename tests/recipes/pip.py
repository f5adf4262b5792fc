"""Stand-ins for what installs programs: `python -m pip`, `python -m venv`, and `apk`.

`python` is the real one, without the packages of this environment, so that a file of a repository
that poses as a module is run where the real `pip` would be, too. What was asked for is kept in
`pip.log`, in the home of the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = "https://git.example/flashsync"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
REQUIREMENT = f"flashduty-flashsync @ git+{REPOSITORY}@{COMMIT}"
"""What a recipe installs once a team has filled in the two."""

_PYTHON = """\
#!/bin/sh
PYTHONPATH={modules} exec {python} -S "$@"
"""
_PIP = """\
import os, shutil, sys
from pathlib import Path
with Path(os.environ["HOME"], "pip.log").open("a") as log:
    print(os.getcwd(), *sys.argv[1:], sep="\\t", file=log)
if "VIRTUAL" in os.environ:
    shutil.copy(shutil.which("flashsync"), Path(os.environ["VIRTUAL"], "bin"))
"""
_VENV = """\
import shutil, sys
from pathlib import Path
folder = Path(sys.argv[1]).resolve()
(folder / "bin").mkdir(parents=True)
script = Path(shutil.which("python3")).read_text()
environment = "VIRTUAL='" + str(folder) + "' "
(folder / "bin/python").write_text(script.replace("PYTHONPATH", environment + "PYTHONPATH"))
(folder / "bin/python").chmod(0o755)
"""


def scripts(folder: Path) -> dict[str, str]:
    """The commands, by name; their modules are written to a folder."""
    (folder / "pip.py").write_text(_PIP, encoding="utf-8")
    (folder / "venv.py").write_text(_VENV, encoding="utf-8")
    python = _PYTHON.format(modules=folder, python=sys.executable)
    return {"python": python, "python3": python, "apk": "#!/bin/sh\n"}


def installed(home: Path) -> list[tuple[str, ...]]:
    """What was installed on a machine: the folder it was asked for in, and the arguments."""
    log = (home / "pip.log").read_text(encoding="utf-8")
    return [tuple(line.split("\t")) for line in log.splitlines()]
