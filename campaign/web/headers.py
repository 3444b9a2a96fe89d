"""Security headers of every answer, and what may be cached (look.md, “One system”)."""

from __future__ import annotations

from flask import Response, request

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# For what came from outside or was made for mail programs: shown in a frame that can do nothing.
FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
)


def framed(response: Response) -> Response:
    """Give an answer the policy of a sandboxed frame within our own pages."""
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def download(response: Response, name: str) -> Response:
    """Let an answer be saved under a name and never be shown by the browser as one of our pages."""
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def secure(response: Response) -> Response:
    """Add the headers that are still missing; staff pages are never stored by a cache."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.path.startswith("/staff"):
        headers["Cache-Control"] = "no-store"
        headers.setdefault("X-Robots-Tag", "noindex")
    return response
