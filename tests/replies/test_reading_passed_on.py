"""Mail passed on, and answers within our own letter: nothing of a company's answer is lost."""

from __future__ import annotations

import pytest

from campaign.replies.reading import read_bytes

OURS = "Dear Acme,\n\nHow many requests did you get?\nHow many did you refuse?\n\nOpen Letters"
ANSWER = "We received 512 requests.\nWe refused 41."
OUR_HEAD = (
    "From: Open Letters <answers@letters.example>\nSent: Monday, March 2, 2026 10:00\n"
    "To: Ethics\nSubject: Letter\n"
)
THEIR_HEAD = (
    "From: Legal <legal@acme.example>\nSent: Tuesday, March 3, 2026 10:00\n"
    "To: Ethics <ethics@acme.example>\nSubject: RE: Letter\n"
)


def _text(body: str, subject: str = "Re: Letter") -> str:
    head = (
        "From: Anna Example <anna@acme.example>\nTo: Open Letters <answers+t1@letters.example>\n"
        f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    )
    return read_bytes((head + body).encode()).text


FORWARDS = {
    "Gmail": "---------- Forwarded message ---------\nFrom: {0}\nDate: Tue, Mar 3, 2026 at 10:00\n"
    "Subject: Letter\nTo: <ethics@acme.example>\n\n",
    "Thunderbird": "-------- Weitergeleitete Nachricht --------\nBetreff: Letter\nDatum: "
    "Tue, 3 Mar "
    "2026 10:00:00 +0100\nVon: {0}\nAn: ethics@acme.example\n\n",
    "Apple Mail": "Begin forwarded message:\n\nFrom: {0}\nSubject: Letter\nDate: 3. March 2026 at "
    "10:00:00 CET\nTo: ethics@acme.example\n\n",
    "Apple Mail French": "Début du message transféré :\n\nDe: {0}\nObjet: Letter\nDate: 3 "
    "mars 2026 "
    "à 10:00:00\nÀ: ethics@acme.example\n\n",
    "Notes": "----- Forwarded by Anna Example/Legal/Acme on 03/03/2026 10:00 -----\n\nFrom:\t{0}\n"
    "To:\tethics@acme.example\nDate:\t03/03/2026 10:00\nSubject:\tLetter\n\n",
    "Yahoo": "----- Forwarded Message -----\nFrom: {0}\nTo: ethics@acme.example\nSent: "
    "Tuesday, March "
    "3, 2026, 10:00\nSubject: Letter\n\n",
}  # fmt: skip


@pytest.mark.parametrize("top", ["", "For your information.\n\n", "Dear all,\n\nsee below.\n\n"])
@pytest.mark.parametrize("head", FORWARDS.values(), ids=FORWARDS.keys())
def test_a_colleagues_answer_that_is_passed_on_is_kept(head: str, top: str) -> None:
    colleague = head.format("Legal <legal@acme.example>")
    below = f"{OUR_HEAD}\n{OURS}"
    text = _text(f"{top}{colleague}{ANSWER}\n\nKind regards\nLegal\n\n{below}", "Fwd: Letter")
    assert ANSWER in text
    assert "Dear Acme" not in text
    assert top.strip().split("\n")[-1] in text


@pytest.mark.parametrize("head", FORWARDS.values(), ids=FORWARDS.keys())
def test_our_own_letter_passed_on_is_no_newest_text(head: str) -> None:
    for author in ("Open Letters <answers+t1@letters.example>", "A B <ab@letters.example>"):
        ours = head.format(author)
        assert _text(f"{ours}{OURS}", "Fwd: Letter") == ""
        assert _text(f"Not for us.\n\n{ours}{OURS}", "Fwd: Letter") == "Not for us."


def test_outlook_tells_a_forward_by_its_subject_only() -> None:
    for subject in ("FW: Letter", "WG: Letter", "TR: Letter", "RV: Letter", "VS: Letter"):
        text = _text(f"FYI\n\n{THEIR_HEAD}\n{ANSWER}\n\n{OUR_HEAD}\n{OURS}", subject)
        assert ANSWER in text, subject
        assert "Dear Acme" not in text


def test_a_reply_that_points_to_a_colleagues_mail_below_keeps_it() -> None:
    for top in ("Please find our answer below.", "Anbei unten die Antwort meines Kollegen."):
        assert ANSWER in _text(f"{top}\n\n{THEIR_HEAD}\n{ANSWER}\n\n{OUR_HEAD}\n{OURS}")


def test_mail_within_the_company_below_an_answer_is_left_out() -> None:
    internal = f"{THEIR_HEAD}\nAnna, can you take this?\n\n{OUR_HEAD}\n{OURS}"
    assert _text(f"{ANSWER}\n\nKind regards\nAnna\n\n{internal}") == ANSWER


@pytest.mark.parametrize(
    "note",
    [
        "Please find our answers in red below.",
        "See our answers inline.",
        "Unsere Antworten finden Sie in Rot in Ihrem Text.",
        "Vous trouverez nos réponses ci-dessous, en rouge.",
        "Encontrará nuestras respuestas más abajo.",
        "Le nostre risposte sono in rosso nel testo.",
        "Onze antwoorden staan hieronder in het rood.",
        "Odpowiedzi poniżej, na czerwono.",
    ],
)
def test_answers_within_an_unmarked_quotation_are_kept_where_they_are_announced(note: str) -> None:
    within = OURS.replace("get?", "get?\n512").replace("refuse?", "refuse?\n41")
    text = _text(f"Dear Open Letters,\n\n{note}\n\nKind regards\nAnna\n\n{OUR_HEAD}\n{within}")
    assert note in text
    assert "How many requests did you get?\n512" in text
    assert "\n41" in text


def test_a_long_answer_that_says_below_keeps_our_letter_out() -> None:
    points = "\n".join(f"{n}. " + "We answer this at length. " * 5 for n in range(1, 5))
    text = _text(f"Our answers are below:\n\n{points}\n\n{OUR_HEAD}\n{OURS}")
    assert "Dear Acme" not in text
    assert "4. We answer" in text


TICKET = """##- Please type your reply above this line -##

You are registered as a CC on this request (123).

----------------------------------------------

Anna Example, Mar 3, 2026, 10:00 GMT+1

We received 512 requests.
We refused 41.

----------------------------------------------

Open Letters, Mar 2, 2026, 10:00 GMT+1

Dear Acme,

How many requests did you get?
"""


def test_the_newest_comment_of_a_ticket_is_the_newest_text() -> None:
    assert _text(TICKET) == ANSWER


def test_soft_line_breaks_of_flowed_text_are_undone() -> None:
    head = (
        "From: a@acme.example\nTo: answers@letters.example\nContent-Type: text/plain; "
        "charset=utf-8; format=flowed\n\n"
    )
    body = "We received \n512 requests.\n\n> How many did \n> you get?\n\nAnd 41.\n\n-- \nAnna\n"
    reading = read_bytes((head + body).encode())
    assert reading.text == "We received 512 requests.\n\nAnd 41."
    assert "> How many did you get?" in reading.full_text


def test_quoted_printable_soft_breaks_do_not_break_the_head_of_our_letter() -> None:
    head = (
        "From: a@acme.example\nTo: answers@letters.example\nContent-Type: text/plain; "
        "charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    )
    body = (
        "We got 512.\n\nOn Mon, 2 Mar 2026 at 10:00, Open Letters for Every=\nbody "
        "<answers@letters"
        ".example> wrote:\n\n> Dear=20\n> Acme\n"
    )
    assert read_bytes((head + body).encode()).text == "We got 512."
