"""Notes of telephone calls and meetings, with every version and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_KINDS = (
    "response",
    "supplement",
    "acknowledgement",
    "extension_request",
    "reply_to_rejoinder",
    "correction_request",
    "legal_notice",
    "phone_note",
    "meeting_note",
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="itemkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('phone_note', 'meeting_note')", name=op.f("ck_note_note")),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_note_letter_id_letter")
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_note_reply_id_reply")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("ref", name=op.f("uq_note_ref")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_note_reply_id")),
    )
    op.create_index(op.f("ix_note_letter_id"), "note", ["letter_id"])
    op.create_table(
        "note_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ours", sa.String(length=300), nullable=False),
        sa.Column("theirs", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_note_version_note_id_note")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_note_version_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_version")),
        sa.UniqueConstraint("note_id", "version", name=op.f("uq_note_version_note_id_version")),
    )
    op.create_table(
        "note_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_file_note_id_note")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_note_file_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_file")),
        sa.UniqueConstraint("ref", name=op.f("uq_note_file_ref")),
        sa.UniqueConstraint(
            "note_id", "sha256", "name", name=op.f("uq_note_file_note_id_sha256_name")
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("note_file")
    op.drop_table("note_version")
    op.drop_index(op.f("ix_note_letter_id"), table_name="note")
    op.drop_table("note")
