"""All that an answer says, whatever it is wrapped in."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.generic import StreamObject
from werkzeug.test import TestResponse


def unpacked(raw: bytes) -> Iterator[bytes]:
    """The bytes, and what is packed within them, however deep."""
    yield raw
    if raw.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(raw))
        yield "".join(page.extract_text() for page in reader.pages).encode()
        yield str(reader.metadata).encode()
        for number in range(1, len(reader.xref_objStm) + len(reader.xref.get(0, {})) + 1):
            found = reader.get_object(number)
            yield str(found).encode()
            if isinstance(found, StreamObject):
                yield from unpacked(found._data)
    if raw.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(raw))
        for name in archive.namelist():
            yield from unpacked(archive.read(name))
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", raw):
        try:
            yield zlib.decompressobj().decompress(raw[start.start() :], 2**22)
        except zlib.error:
            continue


def said(answer: TestResponse) -> str:
    """All that an answer says, in any of its wrappings, without white space and case."""
    texts = [str(answer.headers)]
    for content in unpacked(answer.data):
        text = content.decode("utf-8", "replace")
        texts += [text, content.replace(b"\0", b"").decode("latin-1")]
        texts.append(re.sub(r"<[^>]*>", "", html.unescape(text)))
        if text and str(answer.mimetype).endswith("json"):
            texts.append(_strings(json.loads(text)))
    return re.sub(r"[\s\u200b\u00ad-]+", "", "\n".join(texts)).casefold()


def _strings(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_strings(one)}" for key, one in value.items())
    if isinstance(value, list):
        return " ".join(_strings(one) for one in value)
    text = str(value)
    return f"{text} {_strings(json.loads(text))}" if text.startswith(("{", "[")) else text
