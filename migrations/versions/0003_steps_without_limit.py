"""An index for open steps without a limit of their own, which are reminded by their plan.

Revision: 0003, after 0002, 2026-11-22 01:15:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

WHERE = sa.text('due_on IS NULL AND ready_on IS NOT NULL')


def upgrade() -> None:
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.create_index('ix_step_slack', ['plan_on'], unique=False,
                              sqlite_where=WHERE, postgresql_where=WHERE)


def downgrade() -> None:
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.drop_index('ix_step_slack')
