"""Files of ours without what they tell about who made them, where and with what. Pure.

What they show stays as it is. Files of companies are never changed: these rules are for what we
upload ourselves. A file that cannot be read in its own format stays as it is.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

_TURNED = 0x0112
_UNPACKED_MOST = 200 * 2**20
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006"
_EMPTY = {
    "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/'
    '2006/metadata/core-properties"/>',
    "docProps/app.xml": f'<Properties xmlns="{_PROPERTIES}/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_PROPERTIES}/custom-properties"/>',
    "meta.xml": '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:'
    'office:1.0" office:version="1.3"><office:meta/></office:document-meta>',
}


def stripped(ending: str, raw: bytes) -> bytes:
    """The file without its metadata.

    Args:
        ending: of its name, as `attachment_rules.KINDS` has it.
    """
    strip = _STRIP.get(ending)
    if strip is None:
        return raw
    try:
        return strip(raw)
    except (PyPdfError, zipfile.BadZipFile, ValueError, KeyError, OSError, SyntaxError):
        return raw


def _jpeg(raw: bytes) -> bytes:
    """Without Exif, XMP, IPTC and comments; a picture that Exif turns is turned for good."""
    with Image.open(io.BytesIO(raw)) as picture:
        if picture.getexif().get(_TURNED, 1) != 1:
            out = io.BytesIO()
            ImageOps.exif_transpose(picture).save(out, "JPEG", quality=92, exif=b"")
            raw = out.getvalue()
    return b"".join(_kept_segments(raw))


_KEPT = {0xE0, 0xE2, 0xEE}  # of the application segments: JFIF, colour profile, Adobe's colours


def _kept_segments(raw: bytes) -> Iterator[bytes]:
    """The segments of a JPEG that show something (ITU-T T.81, B.1.1)."""
    yield raw[:2]
    place = 2
    while place + 4 <= len(raw) and raw[place] == 0xFF and raw[place + 1] != 0xDA:
        marker = raw[place + 1]
        end = place + 2 + int.from_bytes(raw[place + 2 : place + 4], "big")
        tells = marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in _KEPT)
        if not tells:
            yield raw[place:end]
        place = end
    yield raw[place:]


_TELLING = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}


def _png(raw: bytes) -> bytes:
    if not raw.startswith(b"\x89PNG"):
        return raw
    kept, place = [raw[:8]], 8
    while place + 12 <= len(raw):
        end = place + 12 + int.from_bytes(raw[place : place + 4], "big")
        if raw[place + 4 : place + 8] not in _TELLING:
            kept.append(raw[place:end])
        place = end
    return b"".join(kept)


def _pdf(raw: bytes) -> bytes:
    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted:
        return raw
    title = reader.metadata.get("/Title") if reader.metadata else None
    writer = PdfWriter(clone_from=reader)
    for one in writer._objects:
        found = one.get_object() if one is not None else None
        if isinstance(found, DictionaryObject):
            for name in ("/Metadata", "/PieceInfo"):
                found.pop(name, None)
    writer.metadata = {"/Title": title} if title else None
    writer.compress_identical_objects(remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _office(raw: bytes) -> bytes:
    archive, out = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    if sum(one.file_size for one in archive.infolist()) > _UNPACKED_MOST:
        return raw
    with zipfile.ZipFile(out, "w") as made:
        for one in archive.infolist():
            about = zipfile.ZipInfo(one.filename)
            about.compress_type = one.compress_type
            empty = _EMPTY.get(one.filename)
            made.writestr(about, archive.read(one) if empty is None else empty)
    return out.getvalue()


_STRIP: dict[str, Callable[[bytes], bytes]] = {
    "jpg": _jpeg,
    "jpeg": _jpeg,
    "png": _png,
    "pdf": _pdf,
    **dict.fromkeys(("docx", "xlsx", "odt", "ods"), _office),
}
