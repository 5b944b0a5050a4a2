"""A process tree: children that live and die with us, and are started again when they end."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

_PR_SET_PDEATHSIG: Final = 1
_BACKOFF_S: Final = (0.5, 2.0, 5.0, 15.0, 30.0)
_STEADY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Program:
    """One child: what to run, and how to tell that it serves."""

    name: str
    argv: tuple[str, ...]
    is_ready: Callable[[], bool] = lambda: True
    ready_within_s: float = 30.0
    env: Mapping[str, str] = field(default_factory=dict)


class NotReadyError(Exception):
    """A child ended, or did not serve in time; its log says why."""

    def __init__(self, name: str, log: Path, fault: str) -> None:
        last = last_line(log)
        super().__init__(f"the {name} {fault}{': ' + last if last else ''} (log: {log})")


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started_s: float
    ends: int = 0
    restart_at_s: float | None = None


class ProcessTree:
    """Starts programs in order, stops them in reverse, restarts what ends with a growing pause.

    Each child has a session of its own, so that a Ctrl-C reaches us alone and the order of
    stopping is ours; and the kernel ends it should we be killed (PR_SET_PDEATHSIG). ``start`` and
    ``restart_ended`` must be called from one thread that lives as long as the tree.

    A child gets ``stop_s`` seconds between SIGTERM and SIGKILL.
    """

    def __init__(self, logs: Path, say: Callable[[str], None], stop_s: float = 8.0) -> None:
        self._logs = logs
        self._stop_s = stop_s
        self._say = say
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for child in reversed(self._children):
            _stop(child.process, self._stop_s)

    def start(self, program: Program) -> None:
        """Starts a program and waits until it serves.

        Raises:
            NotReadyError: It ended or stayed silent; what was started before goes on.
        """
        log = self.log_of(program)
        if log.exists():
            log.replace(log.with_suffix(".1.log"))
        child = _Child(program, self._spawn(program), time.monotonic())
        self._children.append(child)
        while not program.is_ready():
            if child.process.poll() is not None:
                self._children.remove(child)
                raise NotReadyError(program.name, log, f"ended at once ({_how(child.process)})")
            if time.monotonic() - child.started_s > program.ready_within_s:
                raise NotReadyError(
                    program.name, log, f"does not serve after {program.ready_within_s:.0f} s"
                )
            time.sleep(0.05)

    def restart_ended(self, now_s: float) -> None:
        """One look at all children; call it every half second or so."""
        for child in self._children:
            if child.restart_at_s is not None:
                if now_s >= child.restart_at_s:
                    child.process = self._spawn(child.program)
                    child.started_s, child.restart_at_s = now_s, None
            elif child.process.poll() is not None:
                child.ends = 0 if now_s - child.started_s > _STEADY_S else child.ends
                pause_s = _BACKOFF_S[min(child.ends, len(_BACKOFF_S) - 1)]
                child.ends += 1
                child.restart_at_s = now_s + pause_s
                last = last_line(self.log_of(child.program))
                self._say(
                    f"the {child.program.name} ended ({_how(child.process)}); "
                    f"starting it again in {pause_s:g} s. Its last words: {last}"
                )

    def log_of(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        with self.log_of(program).open("ab") as log:
            return _spawn_bound_to_us(program, log)


def last_line(log: Path) -> str:
    """The last line that says something; empty for a missing or silent log."""
    if not log.exists():
        return ""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line), "")


def _spawn_bound_to_us(program: Program, log: IO[bytes]) -> subprocess.Popen[bytes]:
    libc = ctypes.CDLL(None, use_errno=True)
    us = os.getpid()

    def die_with_parent() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != us:
            os._exit(1)

    return subprocess.Popen(
        program.argv,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env={**os.environ, **program.env},
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one thread, and nothing else binds to us
    )


def _stop(process: subprocess.Popen[bytes], within_s: float) -> None:
    """SIGTERM, then SIGKILL to what is left of the child's session."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(within_s)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _how(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
