"""The first schema."""

import sqlalchemy as sa
from alembic import op
import portal.db

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('blob',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('media', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_blob'))
    )
    op.create_table('deadline',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=12), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('opens', sa.Date(), nullable=False),
    sa.Column('internal', sa.Date(), nullable=False),
    sa.Column('official', sa.Date(), nullable=False),
    sa.Column('basis', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline')),
    sa.UniqueConstraint('kind', 'year', 'period', 'level', name=op.f('uq_deadline_kind_year_period_level'))
    )
    op.create_table('formula_seen',
    sa.Column('indicator', sa.String(length=80), nullable=False),
    sa.Column('formula', sa.Text(), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('indicator', name=op.f('pk_formula_seen'))
    )
    op.create_table('import_mapping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('columns', portal.db.JsonText(), nullable=False),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_mapping')),
    sa.UniqueConstraint('target', 'mark', name=op.f('uq_import_mapping_target_mark'))
    )
    op.create_table('lease',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('holder', sa.String(length=120), nullable=False),
    sa.Column('until', portal.db.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_lease'))
    )
    op.create_table('login_delay',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', portal.db.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_login_delay'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('nip', sa.String(length=18), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('gelar_depan', sa.String(length=40), nullable=False),
    sa.Column('gelar_belakang', sa.String(length=60), nullable=False),
    sa.Column('pangkat', sa.String(length=60), nullable=False),
    sa.Column('golongan', sa.String(length=10), nullable=False),
    sa.Column('pw_hash', sa.String(length=200), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('session_epoch', sa.Integer(), nullable=False),
    sa.Column('disabled_at', portal.db.Instant(), nullable=True),
    sa.Column('last_login_at', portal.db.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('login', name=op.f('uq_person_login')),
    sa.UniqueConstraint('nip', name=op.f('uq_person_nip'))
    )
    op.create_table('receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('prefix', sa.String(length=60), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('data', portal.db.JsonText(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('prefix', 'n', name=op.f('uq_receipt_prefix_n'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_subject'), ['subject'], unique=False)

    op.create_table('setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('value', portal.db.JsonText(), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setting')),
    sa.UniqueConstraint('key', 'valid_from', name=op.f('uq_setting_key_valid_from'))
    )
    with op.batch_alter_table('setting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_setting_key'), ['key'], unique=False)

    op.create_table('trail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('stream', sa.String(length=80), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('actor_term_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('verb', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('before', portal.db.JsonText(), nullable=True),
    sa.Column('after', portal.db.JsonText(), nullable=True),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trail')),
    sa.UniqueConstraint('stream', 'seq', name=op.f('uq_trail_stream_seq'))
    )
    with op.batch_alter_table('trail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_trail_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_trail_stream'), ['stream'], unique=False)
        batch_op.create_index(batch_op.f('ix_trail_subject'), ['subject'], unique=False)

    op.create_table('trail_head',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('streams', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_trail_head'))
    )
    op.create_table('unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('code', name=op.f('uq_unit_code'))
    )
    op.create_table('wave',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wave'))
    )
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wave_module'), ['module'], unique=False)

    op.create_table('work_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_work_day'))
    )
    op.create_table('account_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=600), nullable=False),
    sa.Column('sebelum', portal.db.Rupiah(), nullable=True),
    sa.Column('setelah', portal.db.Rupiah(), nullable=True),
    sa.Column('realisasi', portal.db.Rupiah(), nullable=True),
    sa.Column('heads', portal.db.JsonText(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_account_line_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_line')),
    sa.UniqueConstraint('year', 'unit_id', 'code', name=op.f('uq_account_line_year_unit_id_code'))
    )
    with op.batch_alter_table('account_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_line_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_line_year'), ['year'], unique=False)

    op.create_table('budget_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('nomenclature', sa.String(length=60), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=600), nullable=False),
    sa.Column('indikator', sa.Text(), nullable=False),
    sa.Column('satuan', sa.String(length=80), nullable=False),
    sa.Column('target', portal.db.Exact(), nullable=True),
    sa.Column('capaian', portal.db.Exact(), nullable=True),
    sa.Column('murni', portal.db.Rupiah(), nullable=True),
    sa.Column('pagu', portal.db.Rupiah(), nullable=True),
    sa.Column('realisasi', portal.db.Rupiah(), nullable=True),
    sa.Column('spm', sa.String(length=40), nullable=False),
    sa.Column('masalah', sa.Text(), nullable=False),
    sa.Column('upaya', sa.Text(), nullable=False),
    sa.Column('tindak_lanjut', sa.Text(), nullable=False),
    sa.Column('heads', portal.db.JsonText(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_budget_line_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_line')),
    sa.UniqueConstraint('year', 'unit_id', 'code', name=op.f('uq_budget_line_year_unit_id_code'))
    )
    with op.batch_alter_table('budget_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_budget_line_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_budget_line_year'), ['year'], unique=False)

    op.create_table('cash_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('rencana', portal.db.Rupiah(), nullable=True),
    sa.Column('realisasi', portal.db.Rupiah(), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_cash_plan_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cash_plan')),
    sa.UniqueConstraint('year', 'unit_id', 'month', name=op.f('uq_cash_plan_year_unit_id_month'))
    )
    with op.batch_alter_table('cash_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cash_plan_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cash_plan_year'), ['year'], unique=False)

    op.create_table('contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('verified_at', portal.db.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_contact_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sa.UniqueConstraint('person_id', 'channel', name=op.f('uq_contact_person_id_channel'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_person_id'), ['person_id'], unique=False)

    op.create_table('contract',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('type', sa.String(length=20), nullable=False),
    sa.Column('method', sa.String(length=30), nullable=False),
    sa.Column('template', sa.String(length=60), nullable=False),
    sa.Column('value', portal.db.Rupiah(), nullable=False),
    sa.Column('fund', sa.String(length=60), nullable=False),
    sa.Column('vendor', sa.String(length=200), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('goes_live', sa.Date(), nullable=False),
    sa.Column('plan_version', sa.Integer(), nullable=False),
    sa.Column('created_at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_contract_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract')),
    sa.UniqueConstraint('unit_id', 'number', name=op.f('uq_contract_unit_id_number'))
    )
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_unit_id'), ['unit_id'], unique=False)

    op.create_table('datum',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('element', sa.String(length=80), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=12), nullable=False),
    sa.Column('dims', sa.String(length=120), nullable=False),
    sa.Column('measure', sa.String(length=12), nullable=False),
    sa.Column('head', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_datum_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_datum')),
    sa.UniqueConstraint('element', 'unit_id', 'period', 'dims', 'measure', name=op.f('uq_datum_element_unit_id_period_dims_measure'))
    )
    with op.batch_alter_table('datum', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_datum_element'), ['element'], unique=False)
        batch_op.create_index(batch_op.f('ix_datum_period'), ['period'], unique=False)
        batch_op.create_index(batch_op.f('ix_datum_unit_id'), ['unit_id'], unique=False)

    op.create_table('duty',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('main', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_duty_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty')),
    sa.UniqueConstraint('key', 'unit_id', name=op.f('uq_duty_key_unit_id'))
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_key'), ['key'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_unit_id'), ['unit_id'], unique=False)

    op.create_table('element_owner',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('element', sa.String(length=80), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_element_owner_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_element_owner'))
    )
    with op.batch_alter_table('element_owner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_element_owner_element'), ['element'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=12), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('slot', sa.String(length=8), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('subject_line', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('lease_until', portal.db.Instant(), nullable=True),
    sa.Column('created_at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('person_id', 'channel', 'day', 'slot', name=op.f('uq_message_person_id_channel_day_slot'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_state'), ['state'], unique=False)

    op.create_table('piece',
    sa.Column('key_sha', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('used_at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_piece_sha256')),
    sa.PrimaryKeyConstraint('key_sha', name=op.f('pk_piece'))
    )
    op.create_table('position',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_position_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position'))
    )
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_position_unit_id'), ['unit_id'], unique=False)

    op.create_table('recommendation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('decision_no', sa.String(length=120), nullable=False),
    sa.Column('decision_on', sa.Date(), nullable=True),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('origin', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('tindak_lanjut', sa.Text(), nullable=False),
    sa.Column('tujuan', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('since', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_recommendation_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation'))
    )
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recommendation_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recommendation_year'), ['year'], unique=False)

    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('edition', sa.String(length=60), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=12), nullable=False),
    sa.Column('owner_unit_id', sa.Integer(), nullable=False),
    sa.Column('structure_date', sa.Date(), nullable=False),
    sa.Column('opened_at', portal.db.Instant(), nullable=False),
    sa.Column('outline_sha', sa.String(length=64), nullable=False),
    sa.Column('internal_deadline', sa.Date(), nullable=True),
    sa.Column('official_deadline', sa.Date(), nullable=True),
    sa.Column('settings', portal.db.JsonText(), nullable=False),
    sa.ForeignKeyConstraint(['owner_unit_id'], ['unit.id'], name=op.f('fk_report_owner_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('kind', 'year', 'period', 'owner_unit_id', name=op.f('uq_report_kind_year_period_owner_unit_id'))
    )
    op.create_table('unit_succession',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('old_id', sa.Integer(), nullable=False),
    sa.Column('new_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['new_id'], ['unit.id'], name=op.f('fk_unit_succession_new_id')),
    sa.ForeignKeyConstraint(['old_id'], ['unit.id'], name=op.f('fk_unit_succession_old_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_succession')),
    sa.UniqueConstraint('old_id', 'new_id', 'on', name=op.f('uq_unit_succession_old_id_new_id_on'))
    )
    op.create_table('unit_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('short_name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], name=op.f('fk_unit_version_parent_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_unit_version_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_version'))
    )
    with op.batch_alter_table('unit_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_version_unit_id'), ['unit_id'], unique=False)

    op.create_table('verifier',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_verifier_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verifier')),
    sa.UniqueConstraint('unit_id', 'kind', name=op.f('uq_verifier_unit_id_kind'))
    )
    with op.batch_alter_table('verifier', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_verifier_unit_id'), ['unit_id'], unique=False)

    op.create_table('wave_unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_wave_unit_unit_id')),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_wave_unit_wave_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wave_unit'))
    )
    with op.batch_alter_table('wave_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wave_unit_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_wave_unit_wave_id'), ['wave_id'], unique=False)

    op.create_table('attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('started_at', portal.db.Instant(), nullable=False),
    sa.Column('accepted_at', portal.db.Instant(), nullable=True),
    sa.Column('provider_id', sa.String(length=120), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_attempt_message_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt')),
    sa.UniqueConstraint('message_id', 'n', name=op.f('uq_attempt_message_id_n'))
    )
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempt_message_id'), ['message_id'], unique=False)

    op.create_table('budget_fund',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('fund', sa.String(length=60), nullable=False),
    sa.Column('pagu', portal.db.Rupiah(), nullable=True),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_budget_fund_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_fund')),
    sa.UniqueConstraint('line_id', 'fund', name=op.f('uq_budget_fund_line_id_fund'))
    )
    with op.batch_alter_table('budget_fund', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_budget_fund_line_id'), ['line_id'], unique=False)

    op.create_table('budget_period',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=12), nullable=False),
    sa.Column('realisasi', portal.db.Rupiah(), nullable=True),
    sa.Column('capaian', portal.db.Exact(), nullable=True),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_budget_period_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_period')),
    sa.UniqueConstraint('line_id', 'period', name=op.f('uq_budget_period_line_id_period'))
    )
    with op.batch_alter_table('budget_period', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_budget_period_line_id'), ['line_id'], unique=False)

    op.create_table('contract_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_role_contract_id')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_contract_role_position_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_role')),
    sa.UniqueConstraint('contract_id', 'role', name=op.f('uq_contract_role_contract_id_role'))
    )
    with op.batch_alter_table('contract_role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_role_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_role_position_id'), ['position_id'], unique=False)

    op.create_table('entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('part_key', sa.String(length=80), nullable=False),
    sa.Column('repeat_key', sa.String(length=80), nullable=False),
    sa.Column('supplier_unit_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('state_since', portal.db.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content_rev', sa.Integer(), nullable=False),
    sa.Column('sent_at', portal.db.Instant(), nullable=True),
    sa.Column('read_at', portal.db.Instant(), nullable=True),
    sa.Column('receipt_no', sa.String(length=60), nullable=False),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('reopened_until', sa.Date(), nullable=True),
    sa.Column('reopened_after', sa.Integer(), nullable=False),
    sa.Column('reopened_from', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_entry_report_id')),
    sa.ForeignKeyConstraint(['supplier_unit_id'], ['unit.id'], name=op.f('fk_entry_supplier_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry')),
    sa.UniqueConstraint('report_id', 'part_key', 'repeat_key', 'supplier_unit_id', name=op.f('uq_entry_report_id_part_key_repeat_key_supplier_unit_id'))
    )
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entry_report_id'), ['report_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_entry_supplier_unit_id'), ['supplier_unit_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('rung', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('short', sa.String(length=120), nullable=False),
    sa.Column('link', sa.String(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('read_at', portal.db.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_notice_position_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('subject', 'cycle', 'rung', 'person_id', name=op.f('uq_notice_subject_cycle_rung_person_id'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_subject'), ['subject'], unique=False)

    op.create_table('step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('holder', sa.String(length=20), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('doc_no', sa.String(length=120), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('done_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_step_contract_id')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_step_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step')),
    sa.UniqueConstraint('contract_id', 'key', name=op.f('uq_step_contract_id_key'))
    )
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_step_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_step_due_on'), ['due_on'], unique=False)

    op.create_table('term',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('sifat', sa.String(length=12), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('sk_no', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_term_person_id')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_term_position_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term'))
    )
    with op.batch_alter_table('term', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_term_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_term_position_id'), ['position_id'], unique=False)

    op.create_table('build',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=120), nullable=False),
    sa.Column('formats', sa.String(length=20), nullable=False),
    sa.Column('paper', sa.String(length=4), nullable=False),
    sa.Column('final', sa.Boolean(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('lease_until', portal.db.Instant(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('created_at', portal.db.Instant(), nullable=False),
    sa.Column('finished_at', portal.db.Instant(), nullable=True),
    sa.Column('inputs_sha', sa.String(length=64), nullable=False),
    sa.Column('snapshot_sha', sa.String(length=64), nullable=True),
    sa.Column('manifest', portal.db.JsonText(), nullable=False),
    sa.Column('gaps', portal.db.JsonText(), nullable=False),
    sa.Column('sign_on', sa.Date(), nullable=True),
    sa.Column('active', sa.String(length=200), nullable=True),
    sa.Column('notes', portal.db.JsonText(), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_build_by_term_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_build_report_id')),
    sa.ForeignKeyConstraint(['snapshot_sha'], ['blob.sha256'], name=op.f('fk_build_snapshot_sha')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_build')),
    sa.UniqueConstraint('active', name=op.f('uq_build_active'))
    )
    with op.batch_alter_table('build', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_build_report_id'), ['report_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_build_state'), ['state'], unique=False)

    op.create_table('check_exception',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('note_id', sa.String(length=16), nullable=False),
    sa.Column('print', sa.String(length=16), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('basis', sa.String(length=300), nullable=False),
    sa.Column('places', portal.db.JsonText(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('withdrawn_at', portal.db.Instant(), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_check_exception_by_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_exception'))
    )
    with op.batch_alter_table('check_exception', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_exception_note_id'), ['note_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_check_exception_year'), ['year'], unique=False)

    op.create_table('comparison_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('edition', sa.String(length=60), nullable=False),
    sa.Column('outline_sha', sa.String(length=64), nullable=False),
    sa.Column('compared_by', sa.String(length=200), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('against', sa.String(length=300), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('withdrawn_at', portal.db.Instant(), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=200), nullable=False),
    sa.Column('withdrawn_why', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_comparison_record_by_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison_record'))
    )
    with op.batch_alter_table('comparison_record', schema=None) as batch_op:
        batch_op.create_index('ix_comparison_record_place', ['kind', 'edition'], unique=False)

    op.create_table('datum_rev',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('datum_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('value', portal.db.Exact(), nullable=True),
    sa.Column('text', sa.String(length=200), nullable=True),
    sa.Column('raw', sa.String(length=120), nullable=True),
    sa.Column('vintage', sa.String(length=20), nullable=False),
    sa.Column('na_reason', sa.String(length=300), nullable=False),
    sa.Column('expected_on', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('same_as_last_year', sa.String(length=300), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_datum_rev_by_term_id')),
    sa.ForeignKeyConstraint(['datum_id'], ['datum.id'], name=op.f('fk_datum_rev_datum_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_datum_rev')),
    sa.UniqueConstraint('datum_id', 'n', name=op.f('uq_datum_rev_datum_id_n'))
    )
    with op.batch_alter_table('datum_rev', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_datum_rev_datum_id'), ['datum_id'], unique=False)

    op.create_table('entry_cell',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('row', sa.String(length=40), nullable=False),
    sa.Column('field', sa.String(length=60), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.Column('raw', sa.Text(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_entry_cell_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_cell')),
    sa.UniqueConstraint('entry_id', 'row', 'field', name=op.f('uq_entry_cell_entry_id_row_field'))
    )
    with op.batch_alter_table('entry_cell', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entry_cell_entry_id'), ['entry_id'], unique=False)

    op.create_table('entry_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_entry_row_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_row')),
    sa.UniqueConstraint('entry_id', 'uid', name=op.f('uq_entry_row_entry_id_uid'))
    )
    with op.batch_alter_table('entry_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entry_row_entry_id'), ['entry_id'], unique=False)

    op.create_table('entry_support',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_entry_support_entry_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_entry_support_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_support')),
    sa.UniqueConstraint('entry_id', 'unit_id', name=op.f('uq_entry_support_entry_id_unit_id'))
    )
    with op.batch_alter_table('entry_support', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entry_support_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_entry_support_unit_id'), ['unit_id'], unique=False)

    op.create_table('entry_upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_entry_upload_entry_id')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_entry_upload_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_upload')),
    sa.UniqueConstraint('entry_id', 'sha256', name=op.f('uq_entry_upload_entry_id_sha256'))
    )
    with op.batch_alter_table('entry_upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entry_upload_entry_id'), ['entry_id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('link', sa.String(length=500), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('removed_at', portal.db.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_evidence_by_term_id')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_evidence_sha256')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_evidence_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_subject'), ['subject'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_unit_id'), ['unit_id'], unique=False)

    op.create_table('figure_ref',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('seen_rev', sa.Integer(), nullable=False),
    sa.Column('before', sa.String(length=300), nullable=False),
    sa.Column('after', sa.String(length=300), nullable=False),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('settled_at', portal.db.Instant(), nullable=True),
    sa.Column('settled_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_figure_ref_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_ref'))
    )
    with op.batch_alter_table('figure_ref', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_figure_ref_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index('ix_figure_ref_open', ['entry_id', 'settled_at'], unique=False)

    op.create_table('finished_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('part_key', sa.String(length=80), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.Column('notes', portal.db.JsonText(), nullable=False),
    sa.Column('receipt_no', sa.String(length=60), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_finished_document_by_term_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_finished_document_report_id')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_finished_document_sha256')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_finished_document_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finished_document')),
    sa.UniqueConstraint('report_id', 'unit_id', 'part_key', 'version', name=op.f('uq_finished_document_report_id_unit_id_part_key_version'))
    )
    with op.batch_alter_table('finished_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_finished_document_report_id'), ['report_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_finished_document_unit_id'), ['unit_id'], unique=False)

    op.create_table('handover',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('elements', portal.db.JsonText(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('from_unit_id', sa.Integer(), nullable=False),
    sa.Column('to_unit_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('asked_at', portal.db.Instant(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.Column('answered_at', portal.db.Instant(), nullable=True),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=200), nullable=False),
    sa.Column('decided_at', portal.db.Instant(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('applied_at', portal.db.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_handover_entry_id')),
    sa.ForeignKeyConstraint(['from_unit_id'], ['unit.id'], name=op.f('fk_handover_from_unit_id')),
    sa.ForeignKeyConstraint(['to_unit_id'], ['unit.id'], name=op.f('fk_handover_to_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover'))
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handover_from_unit_id'), ['from_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handover_subject'), ['subject'], unique=False)
        batch_op.create_index(batch_op.f('ix_handover_to_unit_id'), ['to_unit_id'], unique=False)

    op.create_table('import_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('same', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.Integer(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_import_run_by_term_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_import_run_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_run_sha256'), ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_run_unit_id'), ['unit_id'], unique=False)

    op.create_table('message_notice',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_message_notice_message_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_message_notice_notice_id')),
    sa.PrimaryKeyConstraint('message_id', 'notice_id', name=op.f('pk_message_notice'))
    )
    with op.batch_alter_table('message_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_notice_notice_id'), ['notice_id'], unique=False)

    op.create_table('obstacle',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=30), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('quiet_until', sa.Date(), nullable=False),
    sa.Column('closed_at', portal.db.Instant(), nullable=True),
    sa.Column('closed_by', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_obstacle_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_obstacle'))
    )
    with op.batch_alter_table('obstacle', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_obstacle_entry_id'), ['entry_id'], unique=False)

    op.create_table('recommendation_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recommendation_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.String(length=20), nullable=False),
    sa.Column('after', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_recommendation_step_by_term_id')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_recommendation_step_recommendation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation_step'))
    )
    with op.batch_alter_table('recommendation_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recommendation_step_recommendation_id'), ['recommendation_id'], unique=False)

    op.create_table('remark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.Column('answered_at', portal.db.Instant(), nullable=True),
    sa.Column('resolved_by', sa.String(length=200), nullable=False),
    sa.Column('resolved_at', portal.db.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_remark_by_term_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_remark_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark'))
    )
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remark_entry_id'), ['entry_id'], unique=False)

    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('started_at', portal.db.Instant(), nullable=False),
    sa.Column('ended_at', portal.db.Instant(), nullable=False),
    sa.Column('delta', portal.db.JsonText(), nullable=False),
    sa.Column('note', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_revision_entry_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_revision_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision')),
    sa.UniqueConstraint('entry_id', 'n', name=op.f('uq_revision_entry_id_n'))
    )
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revision_entry_id'), ['entry_id'], unique=False)

    op.create_table('save_op',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('op_id', sa.String(length=60), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('result', portal.db.JsonText(), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_save_op_entry_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_save_op_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_save_op')),
    sa.UniqueConstraint('person_id', 'op_id', name=op.f('uq_save_op_person_id_op_id'))
    )
    with op.batch_alter_table('save_op', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_save_op_entry_id'), ['entry_id'], unique=False)

    op.create_table('step_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['step_id'], ['step.id'], name=op.f('fk_step_plan_step_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step_plan')),
    sa.UniqueConstraint('step_id', 'version', name=op.f('uq_step_plan_step_id_version'))
    )
    with op.batch_alter_table('step_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_step_plan_step_id'), ['step_id'], unique=False)

    op.create_table('verdict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=120), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_verdict_by_term_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_verdict_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verdict')),
    sa.UniqueConstraint('entry_id', 'target', name=op.f('uq_verdict_entry_id_target'))
    )
    with op.batch_alter_table('verdict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_verdict_entry_id'), ['entry_id'], unique=False)

    op.create_table('wording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('edition', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('text', sa.String(length=600), nullable=False),
    sa.Column('basis', sa.String(length=300), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_wording_by_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wording'))
    )
    with op.batch_alter_table('wording', schema=None) as batch_op:
        batch_op.create_index('ix_wording_place', ['kind', 'edition', 'key'], unique=False)

    op.create_table('budget_rev',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_budget_rev_by_term_id')),
    sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_budget_rev_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_rev'))
    )
    with op.batch_alter_table('budget_rev', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_budget_rev_subject'), ['subject'], unique=False)

    op.create_table('build_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('build_id', sa.Integer(), nullable=False),
    sa.Column('format', sa.String(length=8), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['build_id'], ['build.id'], name=op.f('fk_build_file_build_id')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_build_file_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_build_file')),
    sa.UniqueConstraint('build_id', 'format', name=op.f('uq_build_file_build_id_format'))
    )
    with op.batch_alter_table('build_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_build_file_build_id'), ['build_id'], unique=False)

    op.create_table('issue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('build_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_term_id', sa.Integer(), nullable=True),
    sa.Column('by_label', sa.String(length=200), nullable=False),
    sa.Column('at', portal.db.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['build_id'], ['build.id'], name=op.f('fk_issue_build_id')),
    sa.ForeignKeyConstraint(['by_term_id'], ['term.id'], name=op.f('fk_issue_by_term_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_issue_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue')),
    sa.UniqueConstraint('report_id', 'number', name=op.f('uq_issue_report_id_number'))
    )
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_issue_report_id'), ['report_id'], unique=False)

    from portal.trail.models import POSTGRES_GUARDS, SQLITE_GUARDS

    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRES_GUARDS if postgres else SQLITE_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_issue_report_id'))

    op.drop_table('issue')
    with op.batch_alter_table('build_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_build_file_build_id'))

    op.drop_table('build_file')
    with op.batch_alter_table('budget_rev', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_budget_rev_subject'))

    op.drop_table('budget_rev')
    with op.batch_alter_table('wording', schema=None) as batch_op:
        batch_op.drop_index('ix_wording_place')

    op.drop_table('wording')
    with op.batch_alter_table('verdict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_verdict_entry_id'))

    op.drop_table('verdict')
    with op.batch_alter_table('step_plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_step_plan_step_id'))

    op.drop_table('step_plan')
    with op.batch_alter_table('save_op', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_save_op_entry_id'))

    op.drop_table('save_op')
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_revision_entry_id'))

    op.drop_table('revision')
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_remark_entry_id'))

    op.drop_table('remark')
    with op.batch_alter_table('recommendation_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recommendation_step_recommendation_id'))

    op.drop_table('recommendation_step')
    with op.batch_alter_table('obstacle', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_obstacle_entry_id'))

    op.drop_table('obstacle')
    with op.batch_alter_table('message_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_notice_notice_id'))

    op.drop_table('message_notice')
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_run_unit_id'))
        batch_op.drop_index(batch_op.f('ix_import_run_sha256'))

    op.drop_table('import_run')
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handover_to_unit_id'))
        batch_op.drop_index(batch_op.f('ix_handover_subject'))
        batch_op.drop_index(batch_op.f('ix_handover_from_unit_id'))

    op.drop_table('handover')
    with op.batch_alter_table('finished_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_finished_document_unit_id'))
        batch_op.drop_index(batch_op.f('ix_finished_document_report_id'))

    op.drop_table('finished_document')
    with op.batch_alter_table('figure_ref', schema=None) as batch_op:
        batch_op.drop_index('ix_figure_ref_open')
        batch_op.drop_index(batch_op.f('ix_figure_ref_entry_id'))

    op.drop_table('figure_ref')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_unit_id'))
        batch_op.drop_index(batch_op.f('ix_evidence_subject'))

    op.drop_table('evidence')
    with op.batch_alter_table('entry_upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entry_upload_entry_id'))

    op.drop_table('entry_upload')
    with op.batch_alter_table('entry_support', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entry_support_unit_id'))
        batch_op.drop_index(batch_op.f('ix_entry_support_entry_id'))

    op.drop_table('entry_support')
    with op.batch_alter_table('entry_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entry_row_entry_id'))

    op.drop_table('entry_row')
    with op.batch_alter_table('entry_cell', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entry_cell_entry_id'))

    op.drop_table('entry_cell')
    with op.batch_alter_table('datum_rev', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_datum_rev_datum_id'))

    op.drop_table('datum_rev')
    with op.batch_alter_table('comparison_record', schema=None) as batch_op:
        batch_op.drop_index('ix_comparison_record_place')

    op.drop_table('comparison_record')
    with op.batch_alter_table('check_exception', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_check_exception_year'))
        batch_op.drop_index(batch_op.f('ix_check_exception_note_id'))

    op.drop_table('check_exception')
    with op.batch_alter_table('build', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_build_state'))
        batch_op.drop_index(batch_op.f('ix_build_report_id'))

    op.drop_table('build')
    with op.batch_alter_table('term', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_term_position_id'))
        batch_op.drop_index(batch_op.f('ix_term_person_id'))

    op.drop_table('term')
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_step_due_on'))
        batch_op.drop_index(batch_op.f('ix_step_contract_id'))

    op.drop_table('step')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_subject'))
        batch_op.drop_index(batch_op.f('ix_notice_person_id'))
        batch_op.drop_index(batch_op.f('ix_notice_at'))

    op.drop_table('notice')
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entry_supplier_unit_id'))
        batch_op.drop_index(batch_op.f('ix_entry_report_id'))

    op.drop_table('entry')
    with op.batch_alter_table('contract_role', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_role_position_id'))
        batch_op.drop_index(batch_op.f('ix_contract_role_contract_id'))

    op.drop_table('contract_role')
    with op.batch_alter_table('budget_period', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_budget_period_line_id'))

    op.drop_table('budget_period')
    with op.batch_alter_table('budget_fund', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_budget_fund_line_id'))

    op.drop_table('budget_fund')
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attempt_message_id'))

    op.drop_table('attempt')
    with op.batch_alter_table('wave_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wave_unit_wave_id'))
        batch_op.drop_index(batch_op.f('ix_wave_unit_unit_id'))

    op.drop_table('wave_unit')
    with op.batch_alter_table('verifier', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_verifier_unit_id'))

    op.drop_table('verifier')
    with op.batch_alter_table('unit_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unit_version_unit_id'))

    op.drop_table('unit_version')
    op.drop_table('unit_succession')
    op.drop_table('report')
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recommendation_year'))
        batch_op.drop_index(batch_op.f('ix_recommendation_unit_id'))

    op.drop_table('recommendation')
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_position_unit_id'))

    op.drop_table('position')
    op.drop_table('piece')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_state'))
        batch_op.drop_index(batch_op.f('ix_message_person_id'))

    op.drop_table('message')
    with op.batch_alter_table('element_owner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_element_owner_element'))

    op.drop_table('element_owner')
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duty_unit_id'))
        batch_op.drop_index(batch_op.f('ix_duty_key'))

    op.drop_table('duty')
    with op.batch_alter_table('datum', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_datum_unit_id'))
        batch_op.drop_index(batch_op.f('ix_datum_period'))
        batch_op.drop_index(batch_op.f('ix_datum_element'))

    op.drop_table('datum')
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_unit_id'))

    op.drop_table('contract')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_person_id'))

    op.drop_table('contact')
    with op.batch_alter_table('cash_plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cash_plan_year'))
        batch_op.drop_index(batch_op.f('ix_cash_plan_unit_id'))

    op.drop_table('cash_plan')
    with op.batch_alter_table('budget_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_budget_line_year'))
        batch_op.drop_index(batch_op.f('ix_budget_line_unit_id'))

    op.drop_table('budget_line')
    with op.batch_alter_table('account_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_line_year'))
        batch_op.drop_index(batch_op.f('ix_account_line_unit_id'))

    op.drop_table('account_line')
    op.drop_table('work_day')
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wave_module'))

    op.drop_table('wave')
    op.drop_table('unit')
    op.drop_table('trail_head')
    with op.batch_alter_table('trail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_trail_subject'))
        batch_op.drop_index(batch_op.f('ix_trail_stream'))
        batch_op.drop_index(batch_op.f('ix_trail_at'))

    op.drop_table('trail')
    with op.batch_alter_table('setting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_setting_key'))

    op.drop_table('setting')
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipt_subject'))

    op.drop_table('receipt')
    op.drop_table('person')
    op.drop_table('login_delay')
    op.drop_table('lease')
    op.drop_table('import_mapping')
    op.drop_table('formula_seen')
    op.drop_table('deadline')
    op.drop_table('blob')
