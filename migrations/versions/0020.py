"""Files that came with replies, and what is made of them for the public."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reply_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=26), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column(
            "scan", _choice("scan", "none", "clean", "infected", "unscannable"), nullable=False
        ),
        sa.Column("scan_detail", sa.String(length=200), nullable=False),
        sa.Column("public_name", sa.String(length=100), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_reply_file_size")),
        sa.CheckConstraint(
            "published IS NULL OR (scan IN ('none', 'clean') AND public_name <> ''"
            " AND published_by_id IS NOT NULL)",
            name=op.f("ck_reply_file_published"),
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["reply.id"], name=op.f("fk_reply_file_reply_id_reply")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["user_account.id"],
            name=op.f("fk_reply_file_published_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_file")),
        sa.UniqueConstraint("ref", name=op.f("uq_reply_file_ref")),
        sa.UniqueConstraint("token", name=op.f("uq_reply_file_token")),
        sa.UniqueConstraint("reply_id", "position", name=op.f("uq_reply_file_reply_id_position")),
    )
    op.create_index(op.f("ix_reply_file_reply_id"), "reply_file", ["reply_id"])
    op.create_table(
        "reply_file_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("how", _choice("how", "boxes", "uploaded"), nullable=False),
        sa.Column("boxes", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_reply_file_version_number")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["reply_file.id"], name=op.f("fk_reply_file_version_file_id_reply_file")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_reply_file_version_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_file_version")),
        sa.UniqueConstraint("file_id", "number", name=op.f("uq_reply_file_version_file_id_number")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("reply_file_version")
    op.drop_index(op.f("ix_reply_file_reply_id"), table_name="reply_file")
    op.drop_table("reply_file")
