"""Calendars: the addresses of a person, and the calendar behind one of them."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import SelectField

from campaign.accounts.guard import public, staff
from campaign.accounts.rules import May
from campaign.campaigns import queries as campaigns
from campaign.config import Settings
from campaign.reminding import calendar
from campaign.web.acts import attempt

blueprint = Blueprint("calendars", __name__)


class CalendarForm(FlaskForm):
    """What a new calendar is about."""

    campaign = SelectField("About")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@blueprint.route("/staff/calendars/", methods=["GET", "POST"])
@staff(May.VIEW)
def page() -> ResponseReturnValue:
    """My addresses; a new one is shown on the page that makes it, and never again."""
    form, address = CalendarForm(), ""
    form.campaign.choices = [("", "All campaigns"), *campaigns.titles()]
    if form.validate_on_submit():
        token = attempt(
            lambda: calendar.make(current_user, form.campaign.data or ""),
            done="The address is made. Copy it now: it is not shown again.",
            form=form,
        )
        if token:
            address = _settings().base_url.rstrip("/") + url_for("calendars.read", token=token)
    response = Response(
        render_template(
            "reminding/calendars.html",
            form=form,
            address=address,
            feeds=calendar.of(current_user),
        )
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.post("/staff/calendars/<ref>/revoke")
@staff(May.VIEW)
def revoke(ref: str) -> ResponseReturnValue:
    """Let an address work no more."""
    attempt(lambda: calendar.revoke(current_user, ref), done="The address works no more.")
    return redirect(url_for("calendars.page"))


@blueprint.get("/calendar/<token>.ics")
@public
def read(token: str) -> Response:
    """The calendar for who has its address; without it, there is nothing here."""
    feed = calendar.with_token(token) or abort(404)
    settings = _settings()
    raw = calendar.written(feed, organisation=settings.org_name, base_url=settings.base_url)
    response = Response(raw, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
