"""Pages about people, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts import operations, queries
from campaign.accounts.forms import PasswordForm, PersonForm, RoleForm
from campaign.accounts.guard import staff
from campaign.accounts.models import User
from campaign.accounts.rules import May, Role
from campaign.web.acts import attempt
from campaign.web.lists import listed, searched

blueprint = Blueprint("accounts", __name__, url_prefix="/staff/people")


def _person(ref: str) -> User:
    return queries.person(ref) or abort(404)


def _to(user: User) -> ResponseReturnValue:
    return redirect(url_for("accounts.person", ref=user.ref))


@blueprint.get("/")
@staff(May.ADMIN)
def people() -> ResponseReturnValue:
    """Everybody on the staff."""
    words = searched()
    return render_template("accounts/people.html", people=listed(queries.people(words)), q=words)


@blueprint.route("/new", methods=["GET", "POST"])
@staff(May.ADMIN)
def new_person() -> ResponseReturnValue:
    """Let a person in."""
    form = PersonForm()
    if form.validate_on_submit():
        user = attempt(
            lambda: operations.create_user(
                form.email.data or "",
                name=form.name.data or "",
                role=Role(form.role.data),
                password=form.password.data or "",
                actor=current_user,
            ),
            done="The person can sign in now. Hand over the password yourself.",
            form=form,
        )
        if user:
            return redirect(url_for("accounts.people"))
    return render_template("accounts/new.html", form=form)


@blueprint.get("/<ref>/")
@staff(May.ADMIN)
def person(ref: str) -> ResponseReturnValue:
    """One person: role, password, shutting out."""
    return _page(_person(ref))


def _page(user: User, *tried: RoleForm | PasswordForm) -> ResponseReturnValue:
    """The person's page; of its two forms the one that was `tried` keeps its errors."""
    now = {"role": user.roles[0].name if user.roles else ""}
    forms = {
        "role": RoleForm(formdata=None, data=now, prefix="role"),
        "password": PasswordForm(formdata=None, prefix="password"),
    }
    forms |= {"password" if isinstance(f, PasswordForm) else "role": f for f in tried}
    return render_template("accounts/person.html", person=user, **forms)


@blueprint.post("/<ref>/role")
@staff(May.ADMIN)
def change_role(ref: str) -> ResponseReturnValue:
    """Give another role."""
    user, form = _person(ref), RoleForm(prefix="role")
    if form.validate_on_submit() and attempt(
        lambda: operations.change_role(user.id, role=Role(form.role.data), actor=current_user),
        done="The role is changed.",
        form=form,
    ):
        return _to(user)
    return _page(user, form)


@blueprint.post("/<ref>/password")
@staff(May.ADMIN)
def set_password(ref: str) -> ResponseReturnValue:
    """Give a new password."""
    user, form = _person(ref), PasswordForm(prefix="password")
    if form.validate_on_submit() and attempt(
        lambda: operations.set_password(
            user.id, password=form.password.data or "", actor=current_user
        ),
        done="The password is changed, and open sessions have ended.",
        form=form,
    ):
        return _to(user)
    return _page(user, form)


@blueprint.post("/<ref>/deactivate")
@staff(May.ADMIN)
def deactivate(ref: str) -> ResponseReturnValue:
    """Shut out."""
    user = _person(ref)
    attempt(
        lambda: operations.deactivate(user.id, actor=current_user),
        done=f"{user} cannot sign in any more.",
    )
    return _to(user)


@blueprint.post("/<ref>/reactivate")
@staff(May.ADMIN)
def reactivate(ref: str) -> ResponseReturnValue:
    """Let in again."""
    user = _person(ref)
    attempt(
        lambda: operations.reactivate(user.id, actor=current_user),
        done=f"{user} can sign in again.",
    )
    return _to(user)


def signed_out(_app: Flask, user: User, **_: Any) -> None:
    """Whoever signs out is signed out everywhere: for `flask_login.user_logged_out`."""
    if user.is_authenticated:
        operations.end_sessions(user.id)
        flash("You are signed out, here and wherever else you were signed in.", "success")
