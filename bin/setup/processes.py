"""Several programs as one: started in order, their lines prefixed, stopped together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .say import line, step

_libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Ask the kernel to end this child when bin/run is killed outright."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Program:
    """One program under the same roof; ``patience`` seconds to end by itself."""

    name: str
    command: list[str]
    patience: float = 10
    process: subprocess.Popen[str] | None = None
    reader: threading.Thread | None = None


@dataclass
class House:
    """All programs of one bin/run."""

    folder: Path
    env: Mapping[str, str]
    programs: list[Program] = field(default_factory=list)

    def start(self, program: Program) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches bin/run alone."""
        program.process = subprocess.Popen(
            program.command, cwd=self.folder, env=dict(self.env), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip
        program.reader = threading.Thread(target=self._read, args=(program,), daemon=True)
        program.reader.start()
        self.programs.append(program)

    def _read(self, program: Program) -> None:
        assert program.process is not None and program.process.stdout is not None
        for text in program.process.stdout:
            line(f"[{program.name}] {text.rstrip()}")

    def ended(self) -> Program | None:
        """The first program that has ended, if any."""
        for program in self.programs:
            if program.process is not None and program.process.poll() is not None:
                return program
        return None

    def stop(self) -> None:
        """End all, the last started first: asked, asked again, then by force."""
        for program in reversed(self.programs):
            if program.process is not None and program.process.poll() is None:
                step(f"Menghentikan {program.name}")
                _end(program.process, program.patience)
            if program.reader is not None:
                program.reader.join(2)
        self.programs.clear()


def _end(process: subprocess.Popen[str], patience: float) -> None:
    for ask, wait in ((process.terminate, patience), (process.terminate, 3)):
        ask()
        try:
            process.wait(wait)
            break
        except subprocess.TimeoutExpired:
            continue
    try:  # children that outlived it, and itself
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until ``condition`` holds; False when it did not within ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
