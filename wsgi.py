"""Entry point of the web server: ``flask --app wsgi run``."""

from portal.app import create_app

app = create_app()
