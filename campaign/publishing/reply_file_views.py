"""Staff pages of the files of a reply: look, cover, upload, approve, take back."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting.attachment_rules import clean_name
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.publishing import queries, reply_files
from campaign.publishing.redaction_views import found as reply_or_404
from campaign.publishing.reply_file_forms import ApproveForm, BoxesForm, UploadForm, changed
from campaign.replies import file_boxes, file_kinds, file_process, file_queries, redaction_rules
from campaign.replies.file_boxes import ReasonedBox
from campaign.replies.file_models import ReplyFile, ReplyFileVersion
from campaign.web.acts import attempt
from campaign.web.headers import download

blueprint = Blueprint("reply_files", __name__, url_prefix="/staff/replies")


def _file(ref: str) -> ReplyFile:
    return file_queries.file(ref) or abort(404)


def _bytes(found: ReplyFile, sha256: str) -> bytes:
    files: FileStore = current_app.extensions["files"]
    try:
        return files.get(sha256)
    except Problem:
        if found.reply.erased_at is None:
            raise  # they should be there
        abort(404)


def _to(ref: str) -> ResponseReturnValue:
    return redirect(url_for("reply_files.file", ref=ref))


@blueprint.route("/<ref>/files/", methods=["GET", "POST"])
@staff(May.TRIAGE)
def index(ref: str) -> ResponseReturnValue:
    """The files of a reply; taken out of its mail by one press."""
    reply = reply_or_404(ref)
    if request.method == "POST":
        attempt(
            lambda: reply_files.take_out(reply.id, actor=current_user) or True,
            done="The files are taken out. None is public until somebody approves it.",
        )
        return redirect(url_for("reply_files.index", ref=ref))
    return render_template(
        "publishing/staff/files.html",
        reply=reply,
        letter=reply.letter,
        files=file_queries.files_of(reply.id),
        scanner=bool(current_app.extensions["settings"].clamd_url),
    )


@blueprint.get("/files/<ref>/")
@staff(May.TRIAGE)
def file(ref: str) -> ResponseReturnValue:
    """One file: what it tells, what was made of it, what is public of it."""
    return _page(_file(ref), ApproveForm(formdata=None), UploadForm(formdata=None))


def _page(found: ReplyFile, approve: ApproveForm, upload: UploadForm) -> str:
    chosen = _chosen(found)
    number = len(found.versions) if chosen is not found else 0
    if approve.name.data is None:
        # Never theirs by itself: it may name a person.
        neutral = f"{found.reply.letter.company.name}, file {found.position + 1}"
        wanted = found.public_name or clean_name(neutral)[:70]
        approve.name.data = file_kinds.public_name(wanted, chosen.kind)
    approve.number.data = str(number)
    return render_template(
        "publishing/staff/file.html",
        file=found,
        reply=found.reply,
        letter=found.reply.letter,
        chosen=chosen,
        number=number,
        stops=[file_kinds.FINDINGS[one] for one in file_kinds.STOPS & found.findings.keys()],
        approve=approve,
        upload=upload,
        REASONS=redaction_rules.REASONS,
        from_json=file_boxes.from_json,
        public=bool(queries.published_replies([found.reply_id])),
    )


def _chosen(found: ReplyFile) -> ReplyFile | ReplyFileVersion:
    as_it_came = request.args.get("version") == "0" or request.form.get("number") == "0"
    return found if as_it_came else found.newest or found


@blueprint.get("/files/<ref>/as-it-came")
@staff(May.TRIAGE)
def as_it_came(ref: str) -> ResponseReturnValue:
    """The file byte for byte, as a download that no browser opens by itself."""
    found = _file(ref)
    response = Response(_bytes(found, found.sha256))
    response.headers["Content-Type"] = "application/octet-stream"
    return download(response, f"{found.sha256[:16]}.{found.about.ending}")


@blueprint.get("/files/<ref>/<int:version>/<int:page>.png")
@staff(May.TRIAGE)
def page(ref: str, version: int, page: int) -> ResponseReturnValue:
    """A picture of one page of the file as it came (version 0) or of what was made of it."""
    found = _file(ref)
    made = {0: found.sha256} | {one.number: one.sha256 for one in found.versions}
    raw = _bytes(found, made.get(version) or abort(404))
    try:
        picture = file_process.page_picture(raw, page)
    except Problem:
        picture = None
    return Response(picture or abort(404), mimetype="image/png")


@blueprint.route("/files/<ref>/cover", methods=["GET", "POST"])
@staff(May.TRIAGE)
def cover(ref: str) -> ResponseReturnValue:
    """Draw boxes on pages; a new file is made in which nothing lies below them."""
    found, form = _file(ref), BoxesForm()
    if not found.pages:
        abort(404)
    if not form.is_submitted():
        newest = found.newest
        form.seen.data = str(len(found.versions))
        return _boxes(found, form, file_boxes.from_json(newest.boxes) if newest else ())
    form.validate()
    boxes = changed(form, request, found.pages)
    if request.form.get("act") == "save" and _covered(found, form, boxes):
        return _to(ref)
    return _boxes(_file(ref), form, boxes)


def _covered(found: ReplyFile, form: BoxesForm, boxes: tuple[ReasonedBox, ...]) -> bool:
    made = attempt(
        lambda: reply_files.cover(found.id, boxes, seen=form.seen_number, actor=current_user),
        done="The file is made anew. Look at each page of it.",
        form=form,
    )
    return made is not None


def _boxes(found: ReplyFile, form: BoxesForm, boxes: tuple[ReasonedBox, ...]) -> str:
    asked = request.form.get("go") or request.form.get("page") or request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    form.page.data = number = min(max(1, number), found.pages)
    form.boxes.data = file_boxes.written(boxes)
    return render_template(
        "publishing/staff/cover.html",
        file=found,
        letter=found.reply.letter,
        form=form,
        boxes=boxes,
        number=number,
        on_page=[box for box in boxes if box.page == number],
        written=file_boxes.written,
        REASONS=redaction_rules.REASONS,
    )


@blueprint.post("/files/<ref>/upload")
@staff(May.TRIAGE)
def upload(ref: str) -> ResponseReturnValue:
    """Take a PDF that was redacted with another program."""
    found, form = _file(ref), UploadForm()
    if form.validate_on_submit():
        raw = form.file.data.read(reply_files.UPLOAD_MOST + 1)
        seen = len(found.versions)
        made = attempt(
            lambda: reply_files.replace(found.id, raw, seen=seen, actor=current_user),
            done="Taken, as pictures of its pages. Somebody else has to approve it.",
            form=form,
        )
        if made is not None:
            return _to(ref)
    return _page(_file(ref), ApproveForm(formdata=None), form)


@blueprint.post("/files/<ref>/approve")
@staff(May.PUBLISH)
def approve(ref: str) -> ResponseReturnValue:
    """Let a version be public with its reply."""
    found, form = _file(ref), ApproveForm()

    def act() -> bool:
        reply_files.approve(found.id, form.chosen, form.name.data or "", actor=current_user)
        return True

    done = "Approved. It stands beside the reply as soon as the reply is public."
    if form.validate_on_submit() and attempt(act, done=done, form=form):
        return _to(ref)
    return _page(_file(ref), form, UploadForm(formdata=None))


@blueprint.post("/files/<ref>/close")
@staff(May.TRIAGE)
def close(ref: str) -> ResponseReturnValue:
    """Let a file be public no more."""
    found = _file(ref)

    def act() -> bool:
        reply_files.close(found.id, actor=current_user)
        return True

    attempt(act, done="It is public no more.")
    return _to(ref)


@blueprint.post("/files/<ref>/scan")
@staff(May.TRIAGE)
def scan(ref: str) -> ResponseReturnValue:
    """Show it to the virus scanner again."""
    found = _file(ref)
    attempt(
        lambda: reply_files.scan_again(found.id, actor=current_user),
        done="The scanner has looked at it again.",
    )
    return _to(ref)
