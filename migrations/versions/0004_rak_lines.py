"""RAK rinci per sub kegiatan and source of money; steps of a template that was corrected.

Revision: 0004, after 0003, 2026-11-22 04:20:00
"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rak_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('sub_code', sa.String(length=40), nullable=False),
    sa.Column('fund', sa.String(length=60), nullable=False),
    sa.Column('months', portal.db.JsonText(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_rak_line_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rak_line')),
    sa.UniqueConstraint('year', 'unit_id', 'sub_code', 'fund', name=op.f('uq_rak_line_year_unit_id_sub_code_fund'))
    )
    op.create_index('ix_rak_line_sub', 'rak_line', ['year', 'sub_code'], unique=False)
    op.create_table('rak_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('sub_code', sa.String(length=40), nullable=False),
    sa.Column('fund', sa.String(length=60), nullable=False),
    sa.Column('before', portal.db.JsonText(), nullable=False),
    sa.Column('after', portal.db.JsonText(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['rak_version.id'], name=op.f('fk_rak_change_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rak_change')),
    sa.UniqueConstraint('version_id', 'sub_code', 'fund', name=op.f('uq_rak_change_version_id_sub_code_fund'))
    )
    op.create_index(op.f('ix_rak_change_version_id'), 'rak_change', ['version_id'], unique=False)
    op.create_table('rak_sum',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('program', sa.String(length=20), nullable=False),
    sa.Column('fund', sa.String(length=60), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('amount', portal.db.Rupiah(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_rak_sum_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rak_sum')),
    sa.UniqueConstraint('year', 'unit_id', 'program', 'fund', 'month', name=op.f('uq_rak_sum_year_unit_id_program_fund_month'))
    )
    with op.batch_alter_table('rak_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('level', sa.String(length=8), nullable=False,
                                      server_default='opd'))
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.add_column(sa.Column('former', sa.String(length=120), nullable=False,
                                      server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.drop_column('former')
    with op.batch_alter_table('rak_version', schema=None) as batch_op:
        batch_op.drop_column('level')
    op.drop_table('rak_sum')
    op.drop_index(op.f('ix_rak_change_version_id'), table_name='rak_change')
    op.drop_table('rak_change')
    op.drop_index('ix_rak_line_sub', table_name='rak_line')
    op.drop_table('rak_line')
