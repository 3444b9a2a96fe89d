"""Pages that span all stages: Today, the board of a campaign, settings."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign import leases
from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.config import Settings
from campaign.desk import board as boards
from campaign.desk import evidence, queries, todo
from campaign.drafting import asking, letterheads
from campaign.drafting import queries as drafting
from campaign.kernel import clock, days
from campaign.replies import queries as replies
from campaign.sending import queries as sending
from campaign.web.lists import csv_file, listed, searched
from campaign.web.moments import relative

_IN_MEMORY = 8 * 1024 * 1024  # bytes; a larger bundle goes to the disk

blueprint = Blueprint("desk", __name__, url_prefix="/staff")


@blueprint.context_processor
def _moments() -> dict[str, object]:
    now, real_now = clock.now(), clock.real_now()
    return {
        "now": now,
        "real_now": real_now,
        "in_time": lambda moment: relative(moment, now),
        "in_real_time": lambda moment: relative(moment, real_now),
    }


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@blueprint.get("/")
@staff(May.VIEW)
def today() -> ResponseReturnValue:
    """What needs me, what will be published when, what blocks what."""
    now = clock.now()
    rows = queries.looked_at(now)
    return render_template(
        "desk/today.html",
        day=now.astimezone(days.zone_of(_settings().timezone)),
        todo=todo.waiting_for(current_user, rows, now),
        rows=[row for row in rows if row.silence_at is not None],
        counted=queries.counted(now),
        due=queries.due_next(now),
        campaigns=queries.campaigns(),
        health=queries.health(clock.real_now()),
        late_reading=queries.LATE_READING,
        trouble=sending.sending_trouble(),
        halt=sending.standing_halt(),
    )


def _campaign(slug: str) -> Campaign:
    return campaigns.campaign(slug) or abort(404)


def _asked() -> dict[str, str]:
    """The filters in the address; 400 for what no link of ours holds."""
    state = request.args.get("state", "")
    if state and state not in boards.FILTERS:
        abort(400)
    return {"words": searched(), "state": state}


@blueprint.get("/campaigns/<slug>/board/")
@staff(May.VIEW)
def board(slug: str) -> ResponseReturnValue:
    """Companies and where each stands."""
    found, given = _campaign(slug), _asked()
    page = listed(boards.letters(found, **given))
    return render_template(
        "desk/board.html",
        campaign=found,
        page=page,
        rows=boards.rows(page.items),
        given=given,
        codes=boards.FILTERS,
        languages=asking.told(found),
    )


@blueprint.get("/campaigns/<slug>/board/board.csv")
@staff(May.VIEW)
def board_csv(slug: str) -> ResponseReturnValue:
    """The same as a table to keep."""
    found = _campaign(slug)
    lines = boards.exported(boards.letters(found, **_asked()))
    return csv_file(f"{found.slug}-board", boards.HEADER, lines)


@blueprint.post("/campaigns/<slug>/board/")
@staff(May.TRIAGE)
def board_act(slug: str) -> ResponseReturnValue:
    """Take the chosen letters to the form of the act that was chosen."""
    found = _campaign(slug)
    acts = {"hold": "awaiting.hold_many", "extend": "awaiting.extend_many"}
    endpoint = acts.get(request.form.get("act", "")) or abort(400)
    chosen = request.form.getlist("letters")
    return redirect(url_for(endpoint, slug=found.slug, letters=chosen))


@blueprint.get("/letters/<ref>/evidence.zip")
@staff(May.VIEW)
def evidence_of(ref: str) -> ResponseReturnValue:
    """All that left and came in of one letter, byte for byte, with a manifest of hashes."""
    letter = drafting.letter(ref) or abort(404)
    out = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (the response closes it)
    evidence.write(letter, out)
    out.seek(0)
    name = f"evidence-{letter.campaign.slug}-{letter.company.slug}.zip"
    return send_file(out, "application/zip", as_attachment=True, download_name=name)


@blueprint.get("/settings/")
@staff(May.VIEW)
def settings() -> ResponseReturnValue:
    """What is set, without secrets, and how to connect a mail server."""
    chosen = _settings()
    return render_template(
        "desk/settings.html",
        settings=chosen,
        outgoing=_without_secrets(chosen.mail_url),
        incoming=[_without_secrets(url) for url in chosen.inbox_urls],
        database=_without_secrets(chosen.database_url),
        files=_without_secrets(chosen.files_url),
        mailboxes=replies.mailboxes(),
        jobs=leases.runs(),
        head=letterheads.head(),
        trouble=sending.sending_trouble(),
    )


def _without_secrets(url: str) -> str:
    """An address of the settings as far as it may be shown: kind, host and path."""
    parts = urlsplit(url)
    if parts.scheme in ("capture", "file", "maildir") or parts.scheme.startswith("sqlite"):
        return url
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"
