"""Several programs as one: started in order, their lines prefixed, stopped together."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .say import line, step

#: The kernel ends a program started through this when bin/run is killed outright.
DIE_WITH_PARENT = ["setpriv", "--pdeathsig", "TERM", "--"]

#: A program that stood for less than STOOD seconds has fallen; after FALLS in a row it is let lie.
STOOD, FALLS = 20, 3


@dataclass(eq=False)
class Program:
    """One program under the same roof; ``patience`` seconds to end by itself."""

    name: str
    command: list[str]
    patience: float = 10
    process: subprocess.Popen[str] | None = None
    reader: threading.Thread | None = None
    began: float = 0
    falls: int = 0


@dataclass
class House:
    """All programs of one bin/run."""

    folder: Path
    env: Mapping[str, str]
    programs: list[Program] = field(default_factory=list)

    def start(self, program: Program) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches bin/run alone."""
        program.process = subprocess.Popen(
            [*(DIE_WITH_PARENT if shutil.which("setpriv") else []), *program.command],
            cwd=self.folder,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        program.reader = threading.Thread(target=self._read, args=(program,), daemon=True)
        program.reader.start()
        program.began = time.monotonic()
        if program not in self.programs:
            self.programs.append(program)

    def revive(self, program: Program) -> bool:
        """Start a program again that ended by itself; False when it does nothing but fall."""
        stood = time.monotonic() - program.began
        program.falls = program.falls + 1 if stood < STOOD else 1
        if program.falls > FALLS:
            return False
        code = program.process.returncode if program.process is not None else None
        line(f"[{program.name}] berhenti tak terduga (kode {code}); dijalankan lagi")
        if program.process is not None:
            _clear(program.process)
        self.start(program)
        return True

    def _read(self, program: Program) -> None:
        words = program.process.stdout if program.process is not None else None
        for text in words or ():
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
    _clear(process)
    process.wait()


def _clear(process: subprocess.Popen[str]) -> None:
    """End what is left of a program: itself and children that outlived it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def ask(
    command: Sequence[str], folder: Path | None = None, env: Mapping[str, str] | None = None,
    user: str | None = None,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """Run a command to its end without a keyboard; its words are kept, its failure is answered."""
    return subprocess.run(
        list(command), check=False, cwd=folder, env=dict(env) if env is not None else None,
        user=user, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
    )  # fmt: skip


def follow(
    command: Sequence[str], telling: Sequence[str], env: Mapping[str, str] | None = None
) -> tuple[int, str]:  # fmt: skip
    """Run a long command and show its lines that begin with one of ``telling`` as they come.

    Returns its exit code and the last 4,000 characters that it said.
    """
    said = ""
    with subprocess.Popen(
        list(command), env=dict(env) if env is not None else None, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    ) as process:  # fmt: skip
        for text in process.stdout or ():
            said = (said + text)[-4000:]
            if text.strip().startswith(tuple(telling)):
                line(f"    {text.strip()[:96]}")
    return process.returncode, said


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until ``condition`` holds; False when it did not within ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
