"""Where each public address stands as a file, and what links to it say then.

A plain web server does not read the part after a question mark, so its words become folders:
`/companies/?page=2` is `/companies/page/2/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from campaign.kernel.errors import Problem

_HTML_LINK = re.compile(r'(?<=\s)((?:href|src)=")([^"]*)(")')
_CSS_LINK = re.compile(r"""(url\(["']?)([^"')]+)(["']?\))""")
_HAS_ENDING = re.compile(r"\.[a-z0-9]{1,8}$", re.IGNORECASE)
_WELL_KNOWN = ".well-known"
_LONGEST = 200  # bytes of a name; file systems take 255, and a precompressed twin adds three


def local(link: str, base_url: str, page: str) -> str | None:
    """The address on this site that a link of a page leads to, without its fragment; None outside.

    Args:
        link: as it stands in the page.
        base_url: public address of the site, without a slash at its end.
        page: path of the page that the link stands in.
    """
    link = link.partition("#")[0]
    if link.startswith(base_url + "/"):
        link = link[len(base_url) :]
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not link:
        return None
    if not parts.path:
        return f"{page}?{parts.query}"
    if not parts.path.startswith("/"):
        folder = page.rpartition("/")[0]
        return f"{folder}/{link}" if "../" not in link else None
    return link


def moved(address: str) -> str:
    """The address at which a plain web server has it: the words of its query as folders.

    Raises:
        Problem: `export-name`.
    """
    parts = urlsplit(address)
    if not parts.query:
        return address
    folders = "".join(
        f"/{_named(key)}/{_named(value)}" for key, value in sorted(parse_qsl(parts.query))
    )
    return f"{parts.path.rstrip('/')}{folders}/"


def file_of(address: str) -> str:
    """The file of an address, below the folder of the site.

    Raises:
        Problem: `export-name`: a part of the address can be no name of a file.
    """
    path = urlsplit(moved(address)).path
    names = [_checked(unquote(part), address) for part in path.strip("/").split("/") if part]
    if path.startswith("/api/") and not _HAS_ENDING.search(names[-1]):
        return "/".join([*names, "index.json"])
    if path.endswith("/") or not names:
        return "/".join([*names, "index.html"])
    return "/".join(names)


def _named(words: str) -> str:
    return quote(words, safe="")


def _checked(name: str, address: str) -> str:
    hidden = name.startswith(".") and name != _WELL_KNOWN
    bad = not name or hidden or len(name.encode()) > _LONGEST
    if bad or any(sign in name for sign in "/\\\0") or not name.isprintable():
        raise Problem("export-name", address=address[:200])
    return name


def links(text: str, mimetype: str, base_url: str) -> list[str]:
    """Every link that stands in a page, feed, list or style sheet."""
    found: list[str] = []

    def note(link: str) -> str:
        found.append(link)
        return link

    replaced(text, mimetype, base_url, note)
    return found


def replaced(text: str, mimetype: str, base_url: str, change: Callable[[str], str]) -> str:
    """The same text with each of its links changed.

    Args:
        mimetype: says where links stand; what is no text that we know has none.
        change: gets a link as a program reads it, and gives the new one.
    """
    if mimetype == "text/html":
        return _HTML_LINK.sub(
            lambda found: found[1] + _html(change(_plain(found[2]))) + found[3], text
        )
    if mimetype == "text/css":
        return _CSS_LINK.sub(lambda found: found[1] + change(found[2]) + found[3], text)
    if mimetype in ("application/json", "application/feed+json"):
        absolute = re.compile(rf'(")({re.escape(base_url)}/[^"\\]*)(")')
        return absolute.sub(lambda found: found[1] + change(found[2]) + found[3], text)
    if mimetype in ("application/xml", "application/atom+xml"):
        absolute = re.compile(rf"""([>"])({re.escape(base_url)}/[^<"]*)([<"])""")
        return absolute.sub(
            lambda found: found[1] + _html(change(_plain(found[2]))) + found[3], text
        )
    return text


def _plain(words: str) -> str:
    return words.replace("&#34;", '"').replace("&quot;", '"').replace("&amp;", "&")


def _html(words: str) -> str:
    return words.replace("&", "&amp;").replace('"', "&#34;")
