"""Review steps, links to co-signers, and changes that were asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("approval") as table:
        table.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("step", sa.Integer(), server_default="0", nullable=False))
        table.add_column(
            sa.Column("organisation", sa.String(length=200), server_default="", nullable=False)
        )
        table.add_column(
            sa.Column("name", sa.String(length=120), server_default="", nullable=False)
        )
        table.create_check_constraint(
            op.f("ck_approval_who"), "(user_id IS NULL) = (organisation <> '')"
        )
    op.create_index(
        "uq_approval_step",
        "approval",
        ["frozen_text_id", "step"],
        unique=True,
        sqlite_where=sa.text("step > 0"),
        postgresql_where=sa.text("step > 0"),
    )
    _steps()
    _links()
    _requests()


def _steps() -> None:
    op.create_table(
        "review_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("signer", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("link_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'role', 'organisation')", name=op.f("ck_review_step_signer")
        ),
        sa.CheckConstraint(
            "(kind = 'person') = (user_id IS NOT NULL)", name=op.f("ck_review_step_person")
        ),
        sa.CheckConstraint(
            "(kind = 'organisation') = (organisation <> '' AND signer <> '' AND email <> '')",
            name=op.f("ck_review_step_organisation"),
        ),
        sa.CheckConstraint("link_days BETWEEN 1 AND 60", name=op.f("ck_review_step_link_days")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_review_step_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_review_step_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_step")),
        sa.UniqueConstraint(
            "campaign_id", "position", name=op.f("uq_review_step_campaign_id_position")
        ),
    )


def _links() -> None:
    op.create_table(
        "cosign_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("signer", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("link_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("try_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('due', 'asked', 'signed', 'changes', 'refused', 'revoked', 'replaced')",
            name=op.f("ck_cosign_link_linkstate"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_cosign_link_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cosign_link")),
        sa.UniqueConstraint("ref", name=op.f("uq_cosign_link_ref")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_cosign_link_token_sha256")),
    )
    op.create_index(op.f("ix_cosign_link_campaign_id"), "cosign_link", ["campaign_id"])
    op.create_table(
        "cosign_text",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("frozen_text_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["cosign_link.id"], name=op.f("fk_cosign_text_link_id_cosign_link")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_text_id"],
            ["frozen_text.id"],
            name=op.f("fk_cosign_text_frozen_text_id_frozen_text"),
        ),
        sa.PrimaryKeyConstraint("link_id", "frozen_text_id", name=op.f("pk_cosign_text")),
    )


def _requests() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("frozen_text_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) = (organisation <> '')", name=op.f("ck_change_request_who")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_text_id"],
            ["frozen_text.id"],
            name=op.f("fk_change_request_frozen_text_id_frozen_text"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_change_request_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index(op.f("ix_change_request_frozen_text_id"), "change_request", ["frozen_text_id"])


def downgrade() -> None:
    """Take back; the words of co-signers, who have no accounts, are lost."""
    op.drop_table("change_request")
    op.drop_table("cosign_text")
    op.drop_table("cosign_link")
    op.drop_table("review_step")
    op.drop_index("uq_approval_step", "approval")
    op.execute(sa.text("DELETE FROM approval WHERE user_id IS NULL"))
    with op.batch_alter_table("approval") as table:
        table.drop_constraint(op.f("ck_approval_who"), type_="check")
        table.drop_column("name")
        table.drop_column("organisation")
        table.drop_column("step")
        table.alter_column("user_id", existing_type=sa.Integer(), nullable=False)
