"""The table of errors: each has a code, a title and what to do about it."""

from __future__ import annotations

from typing import NamedTuple


class Advice(NamedTuple):
    """One row of the table; both texts may hold `{details}` by name."""

    title: str
    what_to_do: str


class Problem(Exception):
    """An error that a person can act on.

    Args:
        code: a key of `TABLE`.
        details: values for the names in the row's texts.
    """

    def __init__(self, code: str, **details: object) -> None:
        advice = TABLE[code]
        self.code = code
        self.details = details
        self.title = advice.title.format(**details)
        self.what_to_do = advice.what_to_do.format(**details)
        super().__init__(f"{self.title} {self.what_to_do}")


TABLE: dict[str, Advice] = {
    # settings and start
    "bad-setting": Advice("{name} is not usable: {why}.", "{fix}"),
    # history
    # accounts
    # companies
    # campaigns
    # drafting
    # sending
    # replies
    # awaiting
    # publishing
}
