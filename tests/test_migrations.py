"""Migrations: linear, they make the models, up and down, with data in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy.schema import CreateTable

from campaign.companies.models import Company
from campaign.config import ROOT
from campaign.database import transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.history.queries import verify
from tests.builders import waiting

MIGRATIONS = ROOT / "migrations"


def test_migrations_are_numbered_in_one_line() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    revisions = [r.revision for r in script.walk_revisions()][::-1]
    assert revisions == [f"{n:04}" for n in range(1, len(revisions) + 1)]


VERSIONS = sorted((MIGRATIONS / "versions").glob("*.py"))


@pytest.mark.parametrize("path", VERSIONS, ids=lambda p: p.stem)
def test_a_migration_imports_nothing_live(path: Path) -> None:
    assert not re.search(r"^\s*(from|import) (campaign|app)\b", path.read_text(), re.M)


def test_the_migrations_make_exactly_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_rule_that_the_models_set_is_held_by_the_database(app: Flask) -> None:
    """The comparison above leaves CHECK constraints out, and batch mode makes tables anew."""
    with app.app_context():
        found = sa.inspect(db.engine)
        held = {
            (table, check["name"])
            for table in found.get_table_names()
            for check in found.get_check_constraints(table)
        }
        wanted = {
            (table.name, name)
            for table in db.metadata.tables.values()
            for name in re.findall(
                r"CONSTRAINT \"?(ck_\w+)\"? CHECK", str(CreateTable(table).compile(db.engine))
            )
        }
    assert wanted
    assert wanted == held


def test_a_database_with_data_goes_down_and_up_again(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            company = Company(slug="a", name="A")
            session.add(company)
            session.flush()
            record("company.added", company, name="A")
        assert verify() == (1, None)
        db.session.remove()
        downgrade(directory=str(MIGRATIONS), revision="base")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        assert left == set()
        upgrade(directory=str(MIGRATIONS))
        assert verify() == (0, None)
        assert db.session.scalar(sa.text("SELECT count(*) FROM role")) == 5


def test_a_frozen_letter_gets_the_hash_of_its_pdf_out_of_its_bundle(app: Flask) -> None:
    with app.app_context():
        waiting.sent()
        (told,) = db.session.execute(sa.text("SELECT pdf_sha256 FROM frozen_text")).one()
        assert re.fullmatch("[0-9a-f]{64}", told)
        assert current_app.extensions["files"].get(told)
        db.session.remove()
        downgrade(directory=str(MIGRATIONS), revision="0022")
        upgrade(directory=str(MIGRATIONS))
        assert list(db.session.scalars(sa.text("SELECT pdf_sha256 FROM frozen_text"))) == [told]
