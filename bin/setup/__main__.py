"""``python3 -m bin.setup run``, ``... test`` (called by bin/run and bin/test), ``... assets``."""

import sys
from pathlib import Path

from .assets import ensure
from .say import StopError, stop

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the named command; a StopError becomes its sentence."""
    name, arguments = sys.argv[1], sys.argv[2:]
    try:
        if name == "assets":  # for set-ups without bin/run
            ensure(ROOT, Path(sys.prefix))
            return 0
        if name == "run":
            from .run import main as command  # noqa: PLC0415 - one of two
        else:
            from .testing import main as command  # noqa: PLC0415
        return command(arguments)
    except StopError as error:
        return stop(error)
    except KeyboardInterrupt:
        print("\nDihentikan. (Stopped.)", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
