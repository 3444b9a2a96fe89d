"""What staff views share around an operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import flash
from flask_wtf import FlaskForm

from campaign.kernel.errors import Problem

T = TypeVar("T")


def attempt(act: Callable[[], T], done: str = "", form: FlaskForm | None = None) -> T | None:
    """Carry an operation out; say that it is done, or what stands in its way.

    Args:
        done: what to tell the person afterwards.
        form: where given, a problem becomes an error of the form, so that nothing typed is lost.
    """
    try:
        result = act()
    except Problem as problem:
        if form is None:
            flash(str(problem), "error")
        else:
            form.form_errors.append(str(problem))
        return None
    if done:
        flash(done, "success")
    return result
