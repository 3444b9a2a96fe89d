"""Answers that a person writes in the thread of a letter."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OLD = "kind IN ('letter', 'reminder', 'final_notice')"
_NEW = "kind IN ('letter', 'reminder', 'final_notice', 'answer')"


def _kinds(table: str, words: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_textkind"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_textkind"), words)


def upgrade() -> None:
    """Apply."""
    _kinds("letter_template", _NEW)
    _kinds("dispatch", _NEW)
    with op.batch_alter_table("dispatch") as batch:
        batch.alter_column("contact_id", existing_type=sa.Integer(), nullable=True)
        batch.create_check_constraint(
            op.f("ck_dispatch_has_its_contact"), "kind = 'answer' OR contact_id IS NOT NULL"
        )
    op.create_table(
        "outgoing_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "thanks", "extension_decision", "chaser", "rejoinder", "correction_decision",
                "other", name="answerkind", native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "waiting", "ordered", "discarded", name="answerstate",
                native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column("to_name", sa.String(length=300), nullable=False),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispatch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'ordered') = (dispatch_id IS NOT NULL)",
            name=op.f("ck_outgoing_answer_ordered_has_its_dispatch"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_outgoing_answer_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["incoming_message.id"], name=op.f("fk_outgoing_answer_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["user_account.id"], name=op.f("fk_outgoing_answer_written_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_outgoing_answer_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_outgoing_answer_dispatch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_answer")),
        sa.UniqueConstraint("ref", name=op.f("uq_outgoing_answer_ref")),
        sa.UniqueConstraint("dispatch_id", name=op.f("uq_outgoing_answer_dispatch_id")),
    )  # fmt: skip
    with op.batch_alter_table("outgoing_answer") as batch:
        batch.create_index(batch.f("ix_outgoing_answer_letter_id"), ["letter_id"])


def downgrade() -> None:
    """Take back: answers are lost, and what was kept of their delivery."""
    op.drop_table("outgoing_answer")
    dispatch = sa.table("dispatch", sa.column("id"), sa.column("kind"))
    mine = sa.select(dispatch.c.id).where(dispatch.c.kind == "answer")
    for name in ("delivery_evidence", "dispatch_attempt"):
        of_them = sa.table(name, sa.column("dispatch_id"))
        op.execute(of_them.delete().where(of_them.c.dispatch_id.in_(mine)))
    message = sa.table("incoming_message", sa.column("dispatch_id"))
    op.execute(message.update().where(message.c.dispatch_id.in_(mine)).values(dispatch_id=None))
    op.execute(dispatch.delete().where(dispatch.c.kind == "answer"))
    text = sa.table("letter_template", sa.column("kind"))
    op.execute(text.delete().where(text.c.kind == "answer"))
    with op.batch_alter_table("dispatch") as batch:
        batch.drop_constraint(op.f("ck_dispatch_has_its_contact"), type_="check")
        batch.alter_column("contact_id", existing_type=sa.Integer(), nullable=False)
    _kinds("dispatch", _OLD)
    _kinds("letter_template", _OLD)
