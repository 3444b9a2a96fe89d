"""`page(response)`: every HTML page that a test looks at is checked as a whole first."""

from __future__ import annotations

from collections import Counter

from justhtml import JustHTML
from justhtml.dom import Element
from werkzeug.test import TestResponse

_UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
_DATA_SCRIPTS = {"application/json", "application/ld+json"}


class Page:
    """A checked page, to be asked with CSS selectors."""

    def __init__(self, html: str) -> None:
        self._document = JustHTML(html, sanitize=False, collect_errors=True)
        self.errors = [str(error) for error in self._document.errors]

    def select(self, css: str) -> list[Element]:
        """All elements that match, in the order of the page."""
        return [node for node in self._document.query(css) if isinstance(node, Element)]

    def one(self, css: str) -> Element:
        """The element that matches.

        Raises:
            AssertionError: none or several do.
        """
        found = self.select(css)
        assert len(found) == 1, f"{len(found)} elements match {css}\n{self.text}"
        return found[0]

    def texts(self, css: str) -> list[str]:
        """What a reader sees of each element that matches, white space collapsed."""
        return [text_of(element) for element in self.select(css)]

    @property
    def text(self) -> str:
        """What a reader sees of the page's body."""
        return " ".join(self.texts("body"))

    @property
    def h1(self) -> str:
        return text_of(self.one("h1"))

    @property
    def title(self) -> str:
        return text_of(self.one("head > title"))


def page(response: TestResponse, status: int = 200) -> Page:
    """Parse and check a page.

    Raises:
        AssertionError: another status, no HTML, or one of `faults`, all of them listed.
    """
    assert response.status_code == status, f"{response.status}\n{response.text[:2000]}"
    assert response.mimetype == "text/html", response.mimetype
    parsed = Page(response.text)
    found = faults(parsed)
    assert not found, f"{response.request.path}\n" + "\n".join(found)
    return parsed


def faults(checked: Page) -> list[str]:
    """What is wrong with a page, one line each; empty for a good one."""
    return [
        *(f"does not parse: {error}" for error in checked.errors),
        *_naming(checked),
        *_ids(checked),
        *_labels(checked),
        *_inline(checked),
        *(f"image without alt: {_shown(i)}" for i in checked.select("img") if _no(i, "alt")),
    ]


def text_of(element: Element) -> str:
    """The text within an element, white space collapsed."""
    return " ".join(element.to_text().split())


def _naming(checked: Page) -> list[str]:
    heads, titles = checked.texts("h1"), checked.texts("head > title")
    if len(heads) != 1 or not heads[0]:
        return [f"has not one h1, with text, but {heads}"]
    if len(titles) != 1 or not titles[0].startswith(heads[0]):
        return [f"title {titles} does not start with the h1, “{heads[0]}”"]
    html = checked.one("html")
    return [] if (html.attrs or {}).get("lang") else ["html has no lang"]


def _ids(checked: Page) -> list[str]:
    ids = Counter((element.attrs or {}).get("id") for element in checked.select("[id]"))
    wanted = {
        (name, target)
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls")
        for element in checked.select(f"[{name}]")
        for target in str((element.attrs or {}).get(name)).split()
    }
    return [
        *(f"id “{name}” is there {times} times" for name, times in ids.items() if times > 1),
        *(f"{name} names no id: “{target}”" for name, target in wanted if target not in ids),
    ]


def _labels(checked: Page) -> list[str]:
    labelled = {
        (label.attrs or {}).get("for") for label in checked.select("label") if text_of(label)
    }

    def named(control: Element) -> bool:
        attrs = control.attrs or {}
        return bool(
            attrs.get("aria-label")
            or attrs.get("aria-labelledby")
            or (attrs.get("id") and attrs.get("id") in labelled)
            or any(above.name == "label" and text_of(above) for above in _above(control))
        )

    controls = checked.select("input, select, textarea")
    buttons = checked.select("button")
    return [
        *(
            f"control without label: {_shown(control)}"
            for control in controls
            if (control.attrs or {}).get("type") not in _UNLABELLED_TYPES and not named(control)
        ),
        *(
            f"button without text: {_shown(button)}"
            for button in buttons
            if not text_of(button) and not (button.attrs or {}).get("aria-label")
        ),
    ]


def _inline(checked: Page) -> list[str]:
    """What the security policy (`default-src 'self'`) would not run or show."""
    found = [f"inline style: {_shown(e)}" for e in checked.select("[style], style")]
    for script in checked.select("script"):
        attrs = script.attrs or {}
        if not attrs.get("src") and attrs.get("type") not in _DATA_SCRIPTS:
            found.append(f"inline script: {script.to_text()[:80]}")
    for element in checked.select("*"):
        for name, value in (element.attrs or {}).items():
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                found.append(f"inline script: {_shown(element)}")
    return found


def _above(element: Element) -> list[Element]:
    found: list[Element] = []
    node = element.parent
    while node is not None:
        if isinstance(node, Element):
            found.append(node)
        node = node.parent
    return found


def _no(element: Element, name: str) -> bool:
    return (element.attrs or {}).get(name) is None


def _shown(element: Element) -> str:
    attrs = "".join(f' {name}="{value}"' for name, value in (element.attrs or {}).items())
    return f"<{element.name}{attrs}>"
