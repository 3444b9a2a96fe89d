"""Pictures of letters: the logo of the letterhead, and signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "logo",
                "signature",
                name="picturekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_picture_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("kind", "sha256", name=op.f("uq_picture_kind_sha256")),
    )
    op.create_table(
        "head_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("website", sa.String(length=100), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_head_version_created_by_id")
        ),
        sa.ForeignKeyConstraint(["logo_id"], ["picture.id"], name=op.f("fk_head_version_logo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_version")),
        sa.UniqueConstraint("ref", name=op.f("uq_head_version_ref")),
    )
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signature_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_signatory_signature_id"), "picture", ["signature_id"], ["id"]
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_signatory_signature_id"), type_="foreignkey")
        batch_op.drop_column("signature_id")
    op.drop_table("head_version")
    op.drop_table("picture")
