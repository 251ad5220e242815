"""Units rendered in forked children that die after some pages, so that memory comes back.

WeasyPrint never gives memory back and spends a quarter of its time in garbage collection; a
child that lives for some twenty pages needs neither.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import pickle
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from portal.documents import fonts, render
from portal.documents.problems import FontError, PictureGone, RenderError

#: A child takes at most this much HTML, or one unit: some twenty-five pages.
_RELIEF = 110_000


@dataclass(frozen=True, slots=True)
class Task:
    """One unit to render."""

    index: int
    name: str  # for messages: "bagian 2.1 Capaian"
    html: str
    paper: str


@dataclass
class _Child:
    process: multiprocessing.process.BaseProcess
    pipe: Connection
    tasks: list[Task]


def render_all(
    tasks: Sequence[Task], asset: render.Asset, processes: int
) -> Iterator[tuple[Task, bytes, int]]:
    """Each task with its fragment and pages, as they are done, in no certain order.

    Raises PictureGone, FontError or RenderError with a sentence for the user; children that are
    still at work are ended first.
    """
    waiting = _batches(tasks)
    if not waiting:
        return
    # each child sets up by itself: a newer Pango reads fonts in a thread, which no fork inherits
    context = multiprocessing.get_context("fork")
    running: list[_Child] = []
    gc.collect()
    gc.freeze()
    try:
        while waiting or running:
            while waiting and len(running) < max(1, processes):
                running.append(_start(context, waiting.pop(0), asset))
            ready = wait([child.pipe for child in running])
            for child in [c for c in running if c.pipe in ready]:
                answer = _receive(child)
                if answer is None:
                    child.process.join()
                    child.pipe.close()
                    running.remove(child)
                else:
                    yield answer
    finally:
        gc.unfreeze()
        for child in running:
            child.process.kill()
            child.process.join()
            child.pipe.close()


def _batches(tasks: Sequence[Task]) -> list[list[Task]]:
    """Long units first and alone, so that no child is left with one at the end.

    What a child takes on is bounded, whatever the size of the book, and the last ones take
    little, so that all end at about the same time.
    """
    long = [task for task in tasks if len(task.html) > _RELIEF // 2]
    long.sort(key=lambda task: (-len(task.html), task.index))
    heavy = {task.index for task in long}
    rest = [task for task in tasks if task.index not in heavy]
    left = sum(len(task.html) for task in rest)
    out = [[task] for task in long]
    batch: list[Task] = []
    size = 0
    for task in rest:
        if batch and size + len(task.html) > min(_RELIEF, max(left // 6, _RELIEF // 6)):
            out.append(batch)
            batch, size = [], 0
        batch.append(task)
        size += len(task.html)
        left -= len(task.html)
    return [*out, batch] if batch else out


def _start(
    context: multiprocessing.context.ForkContext, tasks: list[Task], asset: render.Asset
) -> _Child:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, tasks, asset, os.getpid()), daemon=True)
    process.start()
    theirs.close()
    return _Child(process, ours, list(tasks))


def _receive(child: _Child) -> tuple[Task, bytes, int] | None:
    """The next finished unit of a child, or None when it is done."""
    try:
        kind, index, pages, data = pickle.loads(child.pipe.recv_bytes())  # noqa: S301 (our own child)
    except EOFError:
        child.process.join()
        if child.tasks:
            raise RenderError(
                f"Penyusunan {child.tasks[0].name} terhenti di tengah jalan (kode "
                f"{child.process.exitcode}), biasanya karena memori server habis. Coba susun "
                "ulang; bila berulang, hubungi admin Diskominfo."
            ) from None
        return None
    task = next(task for task in child.tasks if task.index == index)
    child.tasks.remove(task)
    if kind == "picture":
        raise PictureGone(
            f"Gambar pada {task.name} {data.decode()}. Unggah ulang gambar itu pada isiannya, "
            "lalu susun ulang dokumen."
        )
    if kind == "font":
        raise FontError(data.decode())
    if kind == "error":
        raise RenderError(
            f"Penyusunan {task.name} gagal: {data.decode()}. Laporkan kepada admin Diskominfo."
        )
    return task, data, pages


def _work(pipe: Connection, tasks: list[Task], asset: render.Asset, parent: int) -> None:
    """In the child: render, send, leave without tidying up."""
    gc.disable()
    _die_with_parent(parent)
    setter = render.Setter(tasks[0].paper)  # not one that the parent may have: its thread is gone
    for task in tasks:
        try:
            fonts.check(task.html, task.name)
            piece = setter.unit(task.html, asset)
            answer = ("done", task.index, len(piece.pages), piece.to_bytes())
        except PictureGone as error:
            answer = ("picture", task.index, 0, str(error).encode())
        except FontError as error:
            answer = ("font", task.index, 0, str(error).encode())
        except BaseException as error:  # the parent shows it; a child has nobody else to tell
            answer = ("error", task.index, 0, f"{type(error).__name__}: {error}".encode())
        pipe.send_bytes(pickle.dumps(answer))
        if answer[0] != "done":
            break
    pipe.close()
    os._exit(0)


def _die_with_parent(parent: int) -> None:
    """A worker that is killed leaves no child behind at work (Linux; elsewhere a closed pipe)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)
