"""Commands: every operation that an operator needs from a shell (contract.md, "Commands").

What a program reads goes to stdout; progress and prose go to stderr. Exit codes: 0 done,
1 some refused or broken, 2 wrong use.
"""

from __future__ import annotations

import json
import re
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError

from campaign import schedule, simulating
from campaign.accounts import operations as accounts
from campaign.accounts.rules import Role
from campaign.companies import files as company_files
from campaign.companies import operations as companies
from campaign.config import Settings
from campaign.demo import story
from campaign.drafting import frozen as frozen_texts
from campaign.drafting import queries as drafting
from campaign.drafting.composing import compose
from campaign.drafting.rendering import as_pdf
from campaign.evidence import import_operations as evidence_files
from campaign.evidence import starting
from campaign.exporting import operations as exporting
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.replies import files as mail_files
from campaign.replies import operations as replies
from campaign.sending import carried as sending

F = TypeVar("F", bound=Callable[..., Any])
WRONG_USE = 2
TICK_WAITS = 120  # seconds for a pass that is under way in another process


def register(app: Flask) -> None:
    """Add our commands to `flask`."""
    for command in (
        demo,
        run_clock,
        tick,
        companies_,
        evidence,
        inbox,
        letters,
        history_,
        users,
        simulate,
        site,
    ):
        app.cli.add_command(command)


def _clear(command: F) -> F:
    """End with one line where something is wrong, not with a trace."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Problem as problem:
            _say(str(problem))
        except DBAPIError as error:
            why = " ".join(str(error.orig).split())
            _say(str(Problem("database-not-ready", why=why)))
        sys.exit(1)

    return wrapped  # type: ignore[return-value]


def _say(words: str) -> None:
    click.echo(words, err=True)


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def _settings() -> Settings:
    return current_app.extensions["settings"]


@click.command()
@with_appcontext
@_clear
def demo() -> None:
    """Load the demonstration, once."""
    settings = _settings()
    if not settings.captured:
        raise Problem("demo-with-real-mail")
    if story.wanted(settings):
        story.load(settings, say=_say)
    else:
        _say("This instance holds data already; the demonstration is loaded into an empty one.")
    for line in story.sign_ins(settings):
        _say(line)


@click.command("clock")
@with_appcontext
def run_clock() -> None:
    """Run the scheduler; several may run, one works at a time."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    schedule.run_for_ever(current_app._get_current_object(), stop)  # type: ignore[attr-defined]


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"“{text}” is no time. Write it as 2026-12-01T09:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command()
@click.option("--at", metavar="ISO8601", help="The moment to work at; UTC unless it says else.")
@with_appcontext
@_clear
def tick(at: str | None) -> None:
    """Do once everything that is due."""
    moment = _moment(at) if at else None
    settings = _settings()
    captured = settings.captured and settings.inbox_captured
    if moment and moment > clock.real_now() and not captured:
        raise click.UsageError("A time later than now is allowed only while mail is captured.")
    with clock.at(moment) if moment else nullcontext():
        tally = schedule.run_pass(wait=TICK_WAITS)
    if tally is None:
        raise Problem("clock-busy")
    result = asdict(tally)
    errors = [*result.pop("troubles"), *result.pop("errors")]
    result["blocked"] = [blocked._asdict() for blocked in tally.blocked]
    _print(result)
    for error in errors:
        _say(error)
    sys.exit(1 if errors else 0)


companies_ = AppGroup("companies", help="Companies.")


@companies_.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "datenanfragen"]))
@click.option("--dry-run", is_flag=True, help="Show what would be done; store nothing.")
@_clear
def companies_import(path: Path, kind: str | None, dry_run: bool) -> None:
    """Import companies from a file, or from a folder of datenanfragen records."""
    sheet = company_files.read_path(path, kind)
    report = companies.import_sheet(sheet, actor=None, dry_run=dry_run)
    for refusal in report.refused:
        _say(f"{refusal.where}: {refusal.why}")
    _print(
        {
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "refused": [{"where": r.where, "why": r.why} for r in report.refused],
        }
    )
    sys.exit(1 if report.refused else 0)


evidence = AppGroup("evidence", help="Figures of transparency reports.")


@evidence.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--company", required=True, help="Short name of the company that it is about.")
@click.option("--layout", type=click.Choice(list(evidence_files.LAYOUTS)))
@click.option("--dry-run", is_flag=True, help="Show what would be done; store nothing.")
@_clear
def evidence_import(path: Path, company: str, layout: str | None, dry_run: bool) -> None:
    """Import figures from a publisher's file, or from one in our own layout."""
    done = evidence_files.import_file(
        path.read_bytes(),
        path.name,
        company,
        layout=layout,
        files=current_app.extensions["files"],
        actor=None,
        dry_run=dry_run,
    )
    for remark in (*done.refused, *done.differences):
        _say(f"{remark.where}: {remark.why}")
    _print(
        {
            "reports": done.reports,
            "figures": done.figures,
            "refused": [remark._asdict() for remark in done.refused],
            "differences": [remark._asdict() for remark in done.differences],
        }
    )
    sys.exit(1 if done.refused else 0)


@evidence.command("start")
@_clear
def evidence_start() -> None:
    """Load the figures that come with the program: Amazon, Microsoft, and a survey; once."""
    _print(starting.load(files=current_app.extensions["files"], actor=None)._asdict())


inbox = AppGroup("inbox", help="Incoming mail.")


@inbox.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_clear
def inbox_import(paths: tuple[Path, ...]) -> None:
    """Store mail from .eml files, mbox files, maildirs and folders of them."""
    _lines(imported._asdict() for imported in replies.import_files(paths))


@inbox.command("classify", with_appcontext=False)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def inbox_classify(paths: tuple[Path, ...]) -> None:
    """Tell what each mail is; stores nothing, needs no database."""
    _lines(mail_files.classify_paths(paths))


def _lines(rows: Iterable[dict[str, Any]]) -> None:
    broken = False
    for row in rows:
        _print(row)
        broken = broken or row["kind"] in (None, "unreadable")
    sys.exit(1 if broken else 0)


letters = AppGroup("letters", help="Letters.")


@letters.command("render")
@click.argument("letter")
@click.option("--as", "form", type=click.Choice(["text", "html", "eml", "pdf"]), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True)
@_clear
def letters_render(letter: str, form: str, output: Path) -> None:
    """Write one letter, by its id, as it stands."""
    output.write_bytes(_rendered(letter, form))


def _rendered(ref: str, form: str) -> bytes:
    letter = drafting.letter(ref)
    if letter is None:
        raise Problem("not-there", what="letter")
    if form == "eml":
        return sending.kept_mail(letter)
    frozen = drafting.current_frozen(letter)
    if frozen is not None:
        text = frozen_texts.load(frozen)
        mail = text.letter_mail()
        return {"text": mail.text.encode(), "html": mail.html.encode()}.get(form) or text.pdf()
    content = compose(letter, drafting.today()).draft.letter
    if form == "pdf":
        return as_pdf(content, current_app.extensions["files"].get)
    mail = frozen_texts.mail_of(content)
    return (mail.text if form == "text" else mail.html).encode()


site = AppGroup("site", help="The public site.")


@site.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_clear
def site_export(folder: Path) -> None:
    """Write the public site as plain files into FOLDER, or bring it up to date."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with click.progressbar(length=1, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, known: int) -> None:
            bar.length = known
            bar.update(done - bar.pos)

        done = exporting.export(app, folder, progress=progress)
    _print(asdict(done))


history_ = AppGroup("history", help="The event log.")


@history_.command("verify")
@_clear
def history_verify() -> None:
    """Check the whole chain of events."""
    count, broken = history.verify()
    if broken is None:
        click.echo(f"ok {count} events")
        return
    seq, why = broken
    click.echo(f"event {seq}: {why}")
    sys.exit(1)


users = AppGroup("users", help="Staff.")


@users.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="")
@_clear
def users_create(email: str, role: str, name: str) -> None:
    """Add a person; prints a first password, once."""
    password = secrets.token_urlsafe(15)
    accounts.create_user(email, name=name, role=Role(role), password=password)
    click.echo(password)
    _say(f"{email} is {role}. The line above is the first password; it is shown only now.")


@click.command()
@click.option("--seeds", metavar="A-B", required=True, help="The first and the last seed.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Processes at a time.")
@_clear
def simulate(seeds: str, jobs: int) -> None:
    """Play campaigns in a made-up world where everything goes wrong; needs no database."""
    found = re.fullmatch(r"([0-9]{1,12})-([0-9]{1,12})", seeds, re.ASCII)
    first, last = map(int, found.groups()) if found else (1, 0)
    if first > last:
        raise click.UsageError(f"“{seeds}” is no range of seeds. Write it as 1-100.")
    total = simulating.simulate(first, last, jobs)
    _print(total)
    sys.exit(1 if total["violations"] else 0)
