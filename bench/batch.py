"""What staff do with a whole batch: its time, and how often it reads, for 3 letters and for 300.

Times are printed and judged by nobody; tests hold that the number of queries does not grow.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench import _measure
from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company, Contact
from campaign.companies.rules import Channel
from campaign.config import Settings
from campaign.drafting import operations, queries
from campaign.drafting.models import Letter, TextKind
from campaign.extensions import db
from campaign.factory import create_app
from campaign.kernel.text import new_token
from tests.builders import accounts, campaigns
from tests.counting import counted, reads
from tests.servers.databases import sqlite_copies

FEW, MANY, ROUNDS = 3, 300, 5
PLACES = (
    ("GB", "Europe/London", "en"),
    ("DE", "Europe/Berlin", "de"),
    ("FR", "Europe/Paris", "fr"),
)
BODY = """Dear ((contact.salutation)),

we write to ((company.name)) about **recordings**, and ask for answers by **((deadline.long))**.

((questions))

((publication_notice))

{}
"""
TYPED = {"subject": "Questions", "body": BODY.format("Typed."), "based_on": "2"}


class Seen(NamedTuple):
    """A look at a page: its median time in seconds, and how often it read."""

    seconds: float
    reads: int


class Staff(NamedTuple):
    """Two people, signed in, and the id of the one who writes."""

    drafter: FlaskClient
    approver: FlaskClient
    drafter_id: int


def _signed_in(app: Flask, name: str, role: Role) -> tuple[FlaskClient, int]:
    client = app.test_client()
    with app.app_context():
        person = accounts.user(name, role)
        accounts.sign_in(client, person)
        return client, person.id


def _campaign(app: Flask, staff: Staff, many: int) -> str:
    """A campaign with as many drafts, in turns to companies of three languages; its slug."""
    with app.app_context():
        author = db.session.get(User, staff.drafter_id)
        assert author
        made = campaigns.campaign(author, f"Recordings {many}")
        for last in ("We look forward to hearing from you.", "Please write back."):
            for _, _, language in PLACES:
                operations.save_template(
                    made.id, kind=TextKind.LETTER, subject="Questions to ((company.name))",
                    body=BODY.format(f"{last} ({language})"), language=language, actor=author,
                )  # fmt: skip
        db.session.add_all(_letter(made, n, many, author.id) for n in range(many))
        db.session.commit()
        return made.slug


def _letter(campaign: Campaign, number: int, many: int, author: int) -> Letter:
    country, zone, language = PLACES[number % len(PLACES)]
    slug = f"firm-{many}-{number:03}"
    company = Company(
        name=f"Firm {many} {number:03}",
        slug=slug,
        country=country,
        timezone=zone,
        language=language,
    )
    contact = Contact(
        channel=Channel.EMAIL, value=f"privacy@{slug}.example", office="privacy office",
        verified_how="its page", verified_on=queries.today() - timedelta(days=1),
    )  # fmt: skip
    company.contacts.append(contact)
    return Letter(campaign=campaign, company=company, reply_token=new_token(), created_by_id=author)


def _looked(app: Flask, look: Callable[[], object]) -> Seen:
    """A page looked at a few times, after a first time that fills what a process remembers."""
    look()
    with app.app_context():
        engine = db.engine
    times = []
    for _ in range(ROUNDS):
        with counted(engine) as told:
            times.append(_measure.seconds(look))
    return Seen(median(times), reads(told))


def _got(client: FlaskClient, address: str) -> Callable[[], object]:
    def look() -> None:
        assert client.get(address).status_code == 200, address

    return look


def _posted(client: FlaskClient, address: str, page: str) -> Callable[[], object]:
    token = accounts.token(client, page)

    def look() -> None:
        sent = client.post(address, data={**TYPED, "csrf_token": token})
        assert sent.status_code == 200, address

    return look


def _drafts(app: Flask, staff: Staff, slug: str, many: int) -> dict[str, Seen]:
    """What is looked at before the letters go to approval."""
    about, company = f"/staff/campaigns/{slug}", f"company=firm-{many}-002"
    editor = f"{about}/templates/letter/"
    looks = {
        "check of recipients": _got(staff.drafter, f"{about}/recipients/"),
        "difference of versions": _got(staff.drafter, f"{editor}versions/"),
        "list of letters": _got(staff.drafter, f"{about}/letters/"),
    }
    for view in ("page", "email", "html", "pdf"):
        address = f"{editor}preview?{company}&as={view}"
        looks[f"preview as {view}"] = _posted(staff.drafter, address, editor)
    return {name: _looked(app, look) for name, look in looks.items()}


def _approval(app: Flask, staff: Staff, slug: str) -> dict[str, Seen]:
    """All letters put up for approval, and the page where they are read and signed."""
    with app.app_context(), counted() as told:
        ids = db.session.scalars(
            sa.select(Letter.id).join(Letter.campaign).where(Campaign.slug == slug)
        ).all()
        author = db.session.get(User, staff.drafter_id)
        took = _measure.seconds(
            lambda: operations.submit(ids, dated_on=queries.today(), actor=author)
        )
    page = _got(staff.approver, f"/staff/campaigns/{slug}/approve/")
    return {
        "putting all up for approval": Seen(took, reads(told)),
        "page of approval": _looked(app, page),
    }


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, sqlite_copies(Path(folder))() as url:
        instance = Path(folder) / "instance"
        instance.mkdir()
        app = create_app(
            Settings(secret_key="b" * 32, database_url=url, instance_dir=instance, testing=True)
        )
        drafter, drafter_id = _signed_in(app, "Ada Drafter", Role.DRAFTER)
        approver, _ = _signed_in(app, "Bea Approver", Role.APPROVER)
        staff, found = Staff(drafter, approver, drafter_id), []
        for many in (FEW, MANY):
            slug = _campaign(app, staff, many)
            found.append({**_drafts(app, staff, slug, many), **_approval(app, staff, slug)})
    print(f"\nA batch: {FEW} and {MANY} letters to companies of three languages")
    print(f"{'work':<30}{FEW:>9} letters{MANY:>9} letters{'queries':>12}{'':>8}")
    for name, few in found[0].items():
        more = found[1][name]
        times = f"{few.seconds * 1000:>14,.1f} ms{more.seconds * 1000:>14,.1f} ms"
        print(f"{name:<30}{times}{few.reads:>12}{more.reads:>8}")
    _measure.memory()


if __name__ == "__main__":
    main()
