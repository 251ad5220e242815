"""Entry point of the worker: ``python worker.py``. Start several for more builds at once."""

import sys

from portal.app import create_app
from portal.jobs.own_redis import at_hand
from portal.jobs.work import work

if __name__ == "__main__":
    app = create_app()
    with at_hand(app.config["SELARAS"].redis_url):
        sys.exit(work(app, burst="--burst" in sys.argv[1:]))
