"""What makes an application for each test cheap: work that comes out the same is done once.

A test gets an application of its own, so that nothing passes from one to the next. Compiling
its templates and its two hundred addresses took more time than most tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing.rules import Rule

from campaign.config import Settings
from campaign.extensions import db
from campaign.factory import create_app


class _Kept(BytecodeCache):
    """Bytecode by template and by the text that it was made of."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._code.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_bytecode = _Kept()


_build: Any = Rule._compile_builder
_first: dict[str, Engine] = {}
_built: dict[Any, Callable[..., tuple[str, str]]] = {}


def _build_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    # What is built finds its converters by the rule that it is bound to.
    key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _built:
        _built[key] = _build(rule, append_unknown)
    return _built[key]


def application(settings: Settings) -> Flask:
    """A new application that takes compiled templates and addresses from those before it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", _build_once)
        made = create_app(settings)
    made.jinja_env.bytecode_cache = _bytecode
    with made.app_context():
        for engine in db.engines.values():
            _share_statements(engine)
    return made


def _share_statements(engine: Engine) -> None:
    """Let this engine find the statements that an engine of its kind compiled before it.

    SQLAlchemy keeps them by dialect, so the dialect is shared too; only its first engine asks
    the server what it can do: at once, since its own test may never ask the database anything.
    """
    if engine.dialect.name not in _first:
        engine.connect().close()
        _first[engine.dialect.name] = engine
    first = _first[engine.dialect.name]
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
