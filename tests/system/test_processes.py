"""The process tree of ``sanse up``, with real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sanse.processes import NotReadyError, ProcessTree, Program, last_line


def program(name: str, code: str, is_ready: Callable[[], bool] = lambda: True) -> Program:
    return Program(name, (sys.executable, "-c", code), is_ready, ready_within_s=10.0)


def is_alive(pid: int) -> bool:
    """A zombie has ended: it only waits for its parent to look."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_for(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline_s, f"not within {within_s} s"
        time.sleep(0.02)


def test_last_words(tmp_path: Path) -> None:
    """A program that ends at once is reported with the last line that it said."""
    tree = ProcessTree(tmp_path, print)
    with tree, pytest.raises(NotReadyError, match=r"gateway ended at once \(exit 3\): no luck"):
        tree.start(
            program("gateway", "print('no luck'); raise SystemExit(3)", is_ready=lambda: False)
        )
    assert last_line(tmp_path / "gateway.log") == "no luck"


def test_starts_again(tmp_path: Path) -> None:
    """A child that crashes is started again, and it is said."""
    said: list[str] = []
    runs = tmp_path / "runs"
    code = f"import os; open({str(runs)!r}, 'a').write(f'{{os.getpid()}}\\n'); os.abort()"
    with ProcessTree(tmp_path, said.append) as tree:
        tree.start(program("box", code))

        def started_twice() -> bool:
            tree.restart_ended(time.monotonic())
            return runs.exists() and len(runs.read_text().splitlines()) >= 2

        wait_for(started_twice)
    assert "the box ended (signal SIGABRT); starting it again in 0.5 s" in said[0]


def test_leaves_nothing(tmp_path: Path) -> None:
    """A child that ignores SIGTERM, and the children it has itself, are gone after the tree."""
    pids = tmp_path / "pids"
    code = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(60)\n"
    )
    with ProcessTree(tmp_path, print, stop_s=0.5) as tree:
        tree.start(program("stubborn", code, lambda: pids.exists() and " " in pids.read_text()))
        both = [int(pid) for pid in pids.read_text().split()]
        assert all(is_alive(pid) for pid in both)
    wait_for(lambda: not any(is_alive(pid) for pid in both))


def test_dies_with_its_parent(tmp_path: Path) -> None:
    """When the parent is killed outright, the kernel ends the child."""
    pid_file = tmp_path / "pid"
    sleeper = (
        f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\n"
            "from pathlib import Path\n"
            "from sanse.processes import ProcessTree, Program\n"
            f"tree = ProcessTree(Path({str(tmp_path)!r}), print).__enter__()\n"
            f"tree.start(Program('child', (sys.executable, '-c', {sleeper!r})))\n"
            "time.sleep(60)\n",
        ]
    )
    try:
        wait_for(lambda: pid_file.exists() and bool(pid_file.read_text()))
        child = int(pid_file.read_text())
        assert is_alive(child)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    wait_for(lambda: not is_alive(child))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["--source", "nothere.mp4"], "nothere.mp4: no such clip", id="missing clip"),
        pytest.param([], "is taken", id="used port"),
        pytest.param(["--policy", "nothere.toml"], "nothere.toml", id="missing policy"),
    ],
)
def test_up_refuses(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    """What cannot start says so in one sentence, exits 2 and leaves nothing running."""
    with socket.socket() as taken, socket.socket() as free:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        free.bind(("127.0.0.1", 0))
        port = (free if arguments else taken).getsockname()[1]
        free.close()
        up = [sys.executable, "-m", "sanse", "up", "--state", str(tmp_path), "--port", str(port)]
        ended = subprocess.run(
            [*up, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 2, ended.stderr
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
