"""The wiring list: create_app(config) puts the rooms together."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import clock, db
from portal.config import Config

#: Rooms whose models make the schema.
MODELS = (
    "portal.store", "portal.trail.models", "portal.people.models", "portal.figures.models",
    "portal.outlines.models", "portal.budget.models", "portal.dprd.models", "portal.reports.models",
    "portal.checks.models", "portal.contracts.models", "portal.desks.models", "portal.works.models",
    "portal.lke.models", "portal.absorption.models", "portal.sakip.models",
    "portal.documents.models", "portal.public.models", "portal.copysheets.models",
    "portal.notices.models", "portal.jobs.models", "portal.counsel.models",
    "portal.practice.models",
)  # fmt: skip

#: Modules of the web room that have ``init_app(app)``, in the order of their before_request.
WEB = (
    "portal.web.fragments", "portal.web.incoming", "portal.web.static", "portal.web.security",
    "portal.web.filters", "portal.web.login", "portal.web.looking", "portal.web.gate",
    "portal.web.account", "portal.web.pages", "portal.web.entry", "portal.web.entry_months",
    "portal.web.entry_sites",
    "portal.web.entry_acts", "portal.web.entry_practice", "portal.web.entry_contracts",
    "portal.web.contracts", "portal.web.desks", "portal.web.desk_notes", "portal.web.works",
    "portal.web.chronology", "portal.web.counsel", "portal.web.counsel_guest",
    "portal.web.contract_practice", "portal.web.lke", "portal.web.contracts_new",
    "portal.web.contracts_changes", "portal.web.contracts_correct",
    "portal.web.contracts_import", "portal.web.admin_limits",
    "portal.web.boards", "portal.web.rak", "portal.web.rak_lines", "portal.web.admin_bands",
    "portal.web.install",
    "portal.web.notices",
    "portal.web.notices_admin", "portal.web.notices_hooks", "portal.web.notices_ask",
    "portal.web.notices_proof", "portal.web.figures", "portal.web.figures_import",
    "portal.web.figures_past", "portal.web.figures_districts", "portal.web.entry_sheets",
    "portal.web.budget", "portal.web.imports", "portal.web.dprd", "portal.web.evidence",
    "portal.web.reports", "portal.web.sakip", "portal.web.sakip_pk", "portal.web.sakip_plan",
    "portal.web.sakip_review", "portal.web.approval", "portal.web.measures", "portal.web.review",
    "portal.web.review_papers",
    "portal.web.recap", "portal.web.checks", "portal.web.handover", "portal.web.trace",
    "portal.web.documents_in", "portal.web.formats", "portal.web.builds", "portal.web.changes",
    "portal.web.copysheets", "portal.web.editions", "portal.web.letters", "portal.web.public",
    "portal.web.files", "portal.web.admin_units", "portal.web.admin_people",
    "portal.web.admin_waves", "portal.web.admin_calendar", "portal.web.admin_settings",
    "portal.web.admin_duties", "portal.web.admin_handover", "portal.web.admin_trail",
    "portal.web.admin_backup",
)  # fmt: skip

#: Command groups of ``flask``; each module has ``init_app(app)``.
COMMANDS: tuple[str, ...] = (
    "portal.cli.figures", "portal.cli.database", "portal.cli.demo", "portal.cli.outline",
    "portal.cli.report", "portal.cli.years", "portal.cli.store", "portal.cli.tick",
    "portal.cli.notices", "portal.cli.contract", "portal.cli.board", "portal.cli.trail",
    "portal.cli.backup",
)  # fmt: skip


def create_app(config: Config | None = None) -> Flask:
    """Build the portal for one configuration; tests hand in their own."""
    config = config or Config.from_env()
    if not config.testing:
        clock.follow(config.instance / clock.DEMO_FILE)
    app = Flask("portal", instance_path=str(config.instance), static_folder="static")
    app.config.update(
        SELARAS=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # what people type is in no log
        TESTING=config.testing,
        MAX_CONTENT_LENGTH=config.upload_mb * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=config.session_minutes),
    )
    if config.proxies:  # believe X-Forwarded-* of exactly so many proxies, and of no visitor
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
    for name in MODELS:
        import_module(name)
    db.init_app(app)
    for name in (*WEB, *COMMANDS):
        import_module(name).init_app(app)
    return app
