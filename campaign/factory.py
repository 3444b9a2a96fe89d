"""Making the app. No side effects: no migration, no seeding, no thread."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_login import user_logged_out
from flask_security import SQLAlchemyUserDatastore
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign import cli, extensions, models
from campaign.accounts import queries as people
from campaign.accounts import views as accounts_views
from campaign.accounts.guard import MARK, staff
from campaign.accounts.models import Role, User
from campaign.awaiting import answer_views
from campaign.awaiting import views as awaiting_views
from campaign.campaigns import queries as campaigns
from campaign.campaigns import translation_views
from campaign.companies import closing_views, form_views, import_views
from campaign.companies import queries as companies
from campaign.config import ROOT, Settings
from campaign.database import engine_options, prepare_engine
from campaign.desk import views as desk_views
from campaign.drafting import comment_panels, showing
from campaign.drafting import pages as drafting_pages
from campaign.drafting import queries as drafting
from campaign.evidence import import_views as figure_import_views
from campaign.evidence import queries as evidence
from campaign.evidence import report_queries, report_views
from campaign.evidence import views as evidence_views
from campaign.history import views as history_views
from campaign.kernel.days import zone_of
from campaign.kernel.files import open_store
from campaign.kernel.mail_names import read_as
from campaign.kernel.oauth import Tokens
from campaign.publishing import panels as publishing_panels
from campaign.publishing import public as public_pages
from campaign.publishing import queries as publishing
from campaign.publishing import redaction_views, reply_file_views, retention_views
from campaign.publishing import views as publishing_views
from campaign.publishing.signing import signer_of
from campaign.reminding import calendar_views
from campaign.reminding import views as reminding_views
from campaign.reminding.chat import rooms
from campaign.replies import note_queries, note_views, presenting, upload_views
from campaign.replies import queries as replies
from campaign.replies import views as reply_views
from campaign.replies.mailboxes import open_mailbox
from campaign.sending import (
    batch_queries,
    batch_views,
    came_back,
    deliverability_views,
    mention_views,
    order_views,
    posting_views,
)
from campaign.sending import queries as sending
from campaign.sending.addresses import domain_of
from campaign.sending.deliverability import Names
from campaign.sending.dkim_signing import open_signer
from campaign.sending.networks import Networks
from campaign.sending.transport import check_mail_url
from campaign.web import carried, errors, headers
from campaign.web.sessions import StaffSessions
from campaign.web.site import Site

# Pages of libraries that are open by their own design: files, and sign-in.
OPEN_LIBRARY_PAGES = frozenset(
    {"static", "bootstrap.static", "security.login", "security.logout", "security.static"}
)


def create_app(settings: Settings) -> Flask:
    """The app for these settings.

    Raises:
        Problem: a setting is not usable.
    """
    settings.check()
    check_mail_url(settings.mail_url)
    for url in settings.inbox_urls:
        open_mailbox(url)  # looks at the address only; connects when it is read
    app = Flask(
        "campaign",
        root_path=str(ROOT),
        instance_path=str(settings.instance_dir),
        template_folder="templates",
        static_folder="static",
    )
    app.config.update(_flask_config(settings))
    app.extensions["settings"] = settings
    app.extensions["dkim"] = open_signer(
        settings.dkim_key, settings.dkim_selector, domain_of(settings.mail_from)
    )
    app.extensions["signer"] = signer_of(settings)
    rooms(settings.staff_chat_urls)  # looks at the addresses only
    app.extensions["names"] = Names()
    app.extensions["networks"] = Networks(settings.mastodon, settings.bluesky)
    app.extensions["oauth"] = Tokens(settings.oauth) if settings.oauth else None
    app.extensions["files"] = open_store(settings.files_url, settings.instance_dir)
    app.session_interface = StaffSessions()
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters["read_as"] = read_as
    app.jinja_env.filters["in_zone"] = lambda moment, name: moment.astimezone(zone_of(name))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _bind_extensions(app)
    errors.register(app)
    carried.register(app)
    app.before_request(_closed_unless_marked)
    app.after_request(headers.secure)
    _register_pages(app)
    cli.register(app)
    _register_context(app, settings)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    https = settings.base_url.startswith("https:")
    host = urlsplit(settings.base_url).hostname or "127.0.0.1"
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "TRUSTED_HOSTS": [host, "127.0.0.1", "localhost", "[::1]"],
        "MAX_CONTENT_LENGTH": 26 * 2**20,
        "MAX_FORM_MEMORY_SIZE": 2 * 2**20,
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
        "SESSION_COOKIE_NAME": "staff_session",
        "SESSION_COOKIE_PATH": "/staff",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session, so that long drafting loses nothing
        "BOOTSTRAP_SERVE_LOCAL": True,
        **_security_config(settings),
    }


def _security_config(settings: Settings) -> dict[str, Any]:
    salt = hmac.new(settings.secret_key.encode(), b"passwords", hashlib.sha256).hexdigest()
    config: dict[str, Any] = {
        "SECURITY_URL_PREFIX": "/staff",
        "SECURITY_LOGIN_URL": "/login",
        "SECURITY_LOGOUT_URL": "/logout",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/staff/",
        "SECURITY_POST_LOGOUT_VIEW": "/staff/login",
        "SECURITY_UNAUTHORIZED_VIEW": None,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": salt,
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_REDIRECT_VALIDATE_MODE": ["regex"],
        "SECURITY_ANONYMOUS_USER_DISABLED": False,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (
            "The e-mail address or the password is not right.",
            "error",
        ),
        "REMEMBER_COOKIE_PATH": "/staff",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.base_url.startswith("https:"),
    }
    if settings.testing:  # hundreds of sign-ins in the tests: the same scheme, made cheap
        config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {
            "argon2__memory_cost": 64,
            "argon2__time_cost": 1,
            "argon2__parallelism": 1,
        }
    return config


def _bind_extensions(app: Flask) -> None:
    extensions.db.init_app(app)
    app.extensions["tables"] = models.__all__  # importing them is what makes all tables known
    extensions.migrate.init_app(app, extensions.db, directory=str(ROOT / "migrations"))
    extensions.csrf.init_app(app)
    extensions.bootstrap.init_app(app)
    datastore = SQLAlchemyUserDatastore(extensions.db, User, Role)
    extensions.security.init_app(app, datastore)
    user_logged_out.connect(accounts_views.signed_out, app)
    with app.app_context():
        prepare_engine(extensions.db.engine)


def _closed_unless_marked() -> None:
    """Refuse a page that does not say to whom it is open."""
    if request.endpoint is None or request.endpoint in OPEN_LIBRARY_PAGES:
        return
    view = current_app.view_functions[request.endpoint]
    if getattr(view, MARK, None) is None:
        abort(404)


def _register_pages(app: Flask) -> None:
    """Blueprints of the stages and the commands."""
    namers = (
        *(people.names, companies.names, campaigns.names),
        *(evidence.names, report_queries.names, drafting.names, sending.names, replies.names),
        batch_queries.names,
        note_queries.names,
    )
    app.extensions["namers"] = namers
    app.extensions["letter_subjects"] = [
        *(sending.refs_about, replies.refs_about),
        *(note_queries.refs_about, publishing.refs_about),
    ]
    app.register_blueprint(history_views.pages(staff(), *namers))
    app.register_blueprint(accounts_views.blueprint)
    app.register_blueprint(import_views.blueprint)
    app.register_blueprint(form_views.blueprint)
    app.register_blueprint(closing_views.blueprint)
    app.register_blueprint(evidence_views.blueprint)
    app.register_blueprint(translation_views.blueprint)
    app.register_blueprint(figure_import_views.blueprint)
    # Later stages add theirs: campaign/web/panels.py.
    app.extensions["letter_panels"] = [came_back.panel]
    app.extensions["company_panels"] = [showing.company_panel, report_views.company_panel]
    app.extensions["campaign_panels"] = [comment_panels.campaign_panel]
    drafting_pages.register(app)
    app.register_blueprint(order_views.blueprint)
    app.register_blueprint(deliverability_views.blueprint)
    app.register_blueprint(posting_views.blueprint)
    app.register_blueprint(mention_views.blueprint)
    app.register_blueprint(batch_views.blueprint)
    app.extensions["letter_panels"].append(presenting.panel)
    app.extensions["letter_panels"].append(note_queries.panel)
    app.register_blueprint(reply_views.blueprint)
    app.register_blueprint(upload_views.blueprint)
    app.register_blueprint(note_views.blueprint)
    app.register_blueprint(awaiting_views.blueprint)
    app.extensions["letter_panels"].append(answer_views.panel)
    app.register_blueprint(answer_views.blueprint)
    app.extensions["letter_panels"].append(publishing_panels.panel)
    app.extensions["letter_panels"].append(came_back.resend_panel)
    app.register_blueprint(publishing_views.blueprint)
    app.register_blueprint(retention_views.blueprint)
    app.register_blueprint(redaction_views.blueprint)
    app.register_blueprint(reply_file_views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    app.register_blueprint(reminding_views.blueprint)
    app.register_blueprint(calendar_views.blueprint)
    app.register_blueprint(public_pages.blueprint)


def _register_context(app: Flask, settings: Settings) -> None:
    counts: dict[str, Any] = {"inbox_waiting": replies.waiting_count, "halted": sending.halt_words}

    @app.context_processor
    def site() -> dict[str, object]:
        return {"site": Site(settings, app, counts)}
