"""Signing in to an SMTP server: by password, or by token where the provider refuses passwords."""

from __future__ import annotations

import smtplib

from campaign.kernel.oauth import Tokens, xoauth2


def sign_in(talk: smtplib.SMTP, user: str, password: str, tokens: Tokens | None) -> None:
    """Sign in where we have something to sign in with; a refused token is not shown again.

    Raises:
        smtplib.SMTPException: refused, or the server offers no such sign-in.
        NoToken: the provider gave no token.
    """
    if tokens is None:
        if user and password:
            talk.login(user, password)
        return
    if "XOAUTH2" not in talk.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError("AUTH XOAUTH2")
    said = xoauth2(user, tokens())
    try:
        # A refusal comes with its reason as a challenge, which wants an empty answer.
        talk.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
    except smtplib.SMTPAuthenticationError:
        tokens.forget()
        raise
