"""``python3 -m bin.setup run`` and ``... test``; bin/run and bin/test call it."""

import sys

from .say import StopError, stop


def main() -> int:
    """Run the named command; a StopError becomes its sentence."""
    name, arguments = sys.argv[1], sys.argv[2:]
    try:
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


sys.exit(main())
