"""Putting the values of placeholders into the tree of a letter, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from campaign.drafting.markdown import TARGET
from campaign.drafting.tree import Node, level_headings, trimmed


class Filling(NamedTuple):
    """Where the values of placeholders come from."""

    inline: Callable[[str, bool], tuple[Node, ...]]
    """The words for a name; the flag says whether they stand in a link or in code."""
    block: Callable[[str], tuple[Node, ...] | None]
    """The blocks for a name, or None where it is not a block."""
    target: Callable[[str], str]
    """The address for a name."""
    holds: Callable[[str], bool]
    """Whether the answer of a yes/no field is yes."""


_GONE_WHEN_EMPTY = frozenset({"p", "plain", "h", "quote", "ul", "ol", "li", "strong", "em", "link"})


def fill(nodes: Iterable[Node], filling: Filling) -> tuple[Node, ...]:
    """The tree with every placeholder replaced by its value, in one pass.

    Where the words of a condition are not shown, the space before them goes with them, and so
    does a paragraph, a list or a heading that held nothing else.
    """
    return level_headings(_fill(nodes, filling, bare=False))


def _fill(nodes: Iterable[Node], filling: Filling, bare: bool) -> tuple[Node, ...]:
    parts: list[Node] = []
    hidden = False
    for node in nodes:
        filled = _filled(node, filling, bare)
        if hidden and (not parts or parts[-1].text.endswith(" ")):
            filled = trimmed(filled, end=False)
        hidden = (hidden and not filled) or (node.kind == "when" and not filled)
        parts += filled
    return trimmed(tuple(parts), start=False) if hidden else tuple(parts)


def _filled(node: Node, filling: Filling, bare: bool) -> tuple[Node, ...]:
    if node.kind == "field":
        return filling.inline(node.text, bare)
    if node.kind == "when":
        return _fill(node.children, filling, bare) if filling.holds(node.text) else ()
    alone = len(node.children) == 1 and node.children[0].kind == "field"
    if alone and node.kind in ("p", "plain"):
        blocks = filling.block(node.children[0].text)
        if blocks is not None:
            return blocks
    href = node.href
    if node.kind == "link" and (found := TARGET.fullmatch(href)):
        href = filling.target(found[1])
    bare = bare or node.kind in ("link", "code", "pre")
    children = _fill(node.children, filling, bare)
    if node.children and not children and node.kind in _GONE_WHEN_EMPTY:
        return ()
    if children == node.children and href == node.href:
        return (node,)
    return (replace(node, children=children, href=href),)
