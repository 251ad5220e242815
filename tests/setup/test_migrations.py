"""The migrations give exactly the schema that the models ask for, on both databases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade

from portal.contracts import flow
from portal.contracts.models import Contract
from portal.db import db


def test_migrations_and_models_agree(app: Flask) -> None:
    db.session.remove()
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": db.metadata}
        )
        assert compare_metadata(context, db.metadata) == []
    refused = False
    try:
        with db.engine.begin() as connection:
            connection.execute(sa.text(
                "INSERT INTO trail (stream, seq, at, actor, verb, subject, prev_hash, hash) "
                "VALUES ('x', 1, '2026-02-02 00:00:00', 'a', 'v', 's', 'p', 'h')"
            ))  # fmt: skip
        with db.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM trail"))
    except sa.exc.DBAPIError as error:
        refused = "append-only" in str(error)
    assert refused


def test_contracts_of_the_first_version_go_on(app: Flask) -> None:
    """An office that began with five tonggak keeps its contracts, their funds and their desks."""
    db.session.remove()
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    upgrade(revision="0001")
    with db.engine.begin() as connection:
        for line in (
            "INSERT INTO unit (id, code) VALUES (1, 'DPUPR')",
            "INSERT INTO contract (id, unit_id, number, title, type, method, template, value, fund,"
            " vendor, signed_on, starts_on, ends_on, goes_live, plan_version, created_at) VALUES"
            " (1, 1, '602/1', 'Jalan', 'konstruksi', 'pengadaan_langsung', 'x', 15000000000, 'PEN',"
            " 'CV', '2026-01-05', '2026-01-06', '2026-03-06', '2026-01-05', 2,"
            " '2026-01-05 00:00:00')",
            "INSERT INTO step (contract_id, key, position, title, holder, basis, state, due_on,"
            " done_on, doc_no, file_name, done_by) VALUES (1, 'spk', 1, 'SPK', 'ppk', '', 'done',"
            " '2026-01-05', '2026-01-05', '1', '', 'PPK')",
            "INSERT INTO step (contract_id, key, position, title, holder, basis, state, due_on,"
            " doc_no, file_name, done_by) VALUES (1, 'spp', 2, 'SPP', 'bendahara', '', 'open',"
            " '2026-01-20', '', '', '')",
        ):
            connection.execute(sa.text(line))
    upgrade()
    contract = db.session.get_one(Contract, 1)
    assert (contract.year, contract.state, contract.net) == (2026, "berjalan", contract.value)
    assert [(f.fund, f.amount) for f in contract.funds] == [("PEN", contract.value)]
    step = flow.current_step(contract)
    assert step is not None and (step.key, step.desk, step.after) == ("spp", "bendahara", ["spk"])
    db.session.remove()
