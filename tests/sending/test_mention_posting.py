"""Mentions that a person lets our account post: once, and only of who was written to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns import operations as campaigning
from campaign.companies.rules import Channel
from campaign.drafting import operations as drafting
from campaign.drafting import queries as drafted
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.social import BlueskyAccount, MastodonAccount
from campaign.sending import mention_posting, operations, queries, rules
from campaign.sending.mention_models import LOST_AFTER, MentionPost, PostState
from campaign.sending.models import Dispatch
from campaign.sending.networks import Networks
from campaign.sending.rules import DispatchState as S
from campaign.sending.ways import Post
from tests.builders import accounts, campaigns, companies
from tests.builders import drafting as drafts
from tests.builders import sending as build
from tests.builders.threads import at_once
from tests.pages import page
from tests.sending import social_server
from tests.sending.social_server import APP_PASSWORD, HANDLE, RECORD, STATUSES, TOKEN, Fault, Social

PLACES = {
    "Mastodon": ("@larkspur@social.example", STATUSES),
    "Bluesky": ("@larkspur.bsky.social", RECORD),
}


@pytest.fixture
def social(app: Flask) -> Iterator[Social]:
    """Our accounts on a server of the test."""
    with social_server.serving() as server:
        app.extensions["networks"] = Networks(
            MastodonAccount(server.url, TOKEN),
            BlueskyAccount(server.url, HANDLE, APP_PASSWORD),
            seconds=0.4,
        )
        yield server


def ordered(account: str) -> Dispatch:
    """A letter by e-mail with a mention; neither has left."""
    people = build.staff()
    of = campaigns.campaign(people.drafter)
    company = companies.company()
    companies.contact(company)
    companies.contact(company, account, channel=Channel.MENTION)
    (letter,) = drafting.add_letters(of.id, [company.id], actor=people.drafter)
    ways = [contact.id for contact in letter.company.contacts]
    drafting.choose_contacts(letter.id, ways, actor=people.drafter)
    texts = drafting.submit([letter.id], dated_on=drafted.today(), actor=people.drafter)
    drafts.approve_all(people, texts)
    sent = operations.send([letter.id], actor=people.drafter)
    return next(one for one in sent if one.channel is Channel.MENTION)


def ready(account: str) -> Dispatch:
    """The mention of a letter that has left."""
    dispatch = ordered(account)
    operations.send_due(transport=build.Way())
    db.session.refresh(dispatch)
    return dispatch


def ada() -> User:
    return build.staff().drafter


def kinds() -> list[str]:
    return [event.kind for event in history.newest() if "mention" in event.kind][::-1]


def stands(dispatch: Dispatch) -> PostState:
    db.session.expire_all()
    return db.session.get_one(MentionPost, dispatch.id).stands(clock.now())


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize("place", PLACES)
def test_a_press_posts_the_approved_text_once_and_keeps_its_address(
    ctx: AppContext, social: Social, place: str
) -> None:
    dispatch = ready(PLACES[place][0])
    mention = queries.mention_of(dispatch)
    assert mention is not None
    mention_posting.post(dispatch.id, actor=ada())
    assert social.posts == [mention.text]
    db.session.refresh(dispatch)
    (evidence,) = dispatch.evidence
    assert dispatch.state is S.MENTIONED
    assert evidence.by_id == ada().id
    assert evidence.detail.startswith(("http://127.0.0.1", f"https://bsky.app/profile/{HANDLE}/"))
    assert kinds() == ["mention.pressed", "dispatch.mentioned"]
    assert code_of(lambda: mention_posting.post(dispatch.id, actor=ada())) == "dispatch-moved-on"
    assert len(social.posts) == 1
    for secret in (TOKEN, APP_PASSWORD):
        told = "".join(str(event.detail) for event in history.newest())
        assert secret not in told
    assert history.verify()[1] is None


def test_a_mention_is_no_proof_and_starts_no_period(ctx: AppContext, social: Social) -> None:
    dispatch = ready("@larkspur@social.example")
    mail = next(
        one for one in queries.dispatches_of(dispatch.letter_id) if one.channel is Channel.EMAIL
    )
    mention_posting.post(dispatch.id, actor=ada())
    before = queries.proof(dispatch.letter, mailbox_read_at=None)
    assert before.why is rules.EvidenceKind.ACCEPTED
    mail.state = S.BOUNCED
    db.session.commit()
    after = queries.proof(dispatch.letter, mailbox_read_at=None)
    assert after == rules.Graded(rules.Proof.NONE)


def embargo(dispatch: Dispatch) -> None:
    campaigning.set_embargo(dispatch.letter.campaign_id, until=None, actor=ada())


def halt(_: Dispatch) -> None:
    operations.halt(why="a wrong figure", actor=None)


def bounce(dispatch: Dispatch) -> None:
    for one in queries.dispatches_of(dispatch.letter_id):
        if one.channel is Channel.EMAIL:
            one.state = S.BOUNCED
    db.session.commit()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("done", "why"),
    [
        (embargo, "under embargo"),
        (halt, "Everything is halted: a wrong figure"),
        (bounce, "has not left yet, or came back"),
    ],
    ids=["embargo", "halt", "bounced"],
)
def test_nothing_is_posted_while_something_is_in_the_way(
    ctx: AppContext, social: Social, done: Callable[[Dispatch], None], why: str, place: str
) -> None:
    dispatch = ready(PLACES[place][0])
    done(dispatch)
    with pytest.raises(Problem, match=why):
        mention_posting.post(dispatch.id, actor=ada())
    assert social.asked == []
    shown = mention_posting.to_mention(dispatch)
    assert shown is not None
    assert why in shown.stopped


def test_nobody_is_mentioned_before_the_letter_has_left(ctx: AppContext, social: Social) -> None:
    dispatch = ordered("@larkspur@social.example")
    assert code_of(lambda: mention_posting.post(dispatch.id, actor=ada())) == "mention-not-now"
    operations.send_due(transport=build.Way(build.LOST_AFTER))
    assert code_of(lambda: mention_posting.post(dispatch.id, actor=ada())) == "mention-not-now"
    assert social.asked == []


@pytest.mark.parametrize("place", PLACES)
def test_a_refusal_is_told_and_can_be_pressed_again(
    ctx: AppContext, social: Social, place: str
) -> None:
    account, path = PLACES[place]
    dispatch = ready(account)
    social.fails(path, 422)
    with pytest.raises(Problem, match="did not take it: 422"):
        mention_posting.post(dispatch.id, actor=ada())
    assert stands(dispatch) is PostState.REFUSED
    mention_posting.post(dispatch.id, actor=ada())
    assert len(social.posts) == 1
    assert kinds() == [
        "mention.pressed", "mention.refused", "mention.pressed", "dispatch.mentioned",
    ]  # fmt: skip


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.DROP_BEFORE, Fault.SILENT, 500], ids=str)
@pytest.mark.parametrize("place", PLACES)
def test_a_doubt_is_told_never_repeated_and_settled_by_looking(
    ctx: AppContext, social: Social, place: str, fault: Fault | int
) -> None:
    account, path = PLACES[place]
    dispatch = ready(account)
    social.fails(path, fault)
    assert code_of(lambda: mention_posting.post(dispatch.id, actor=ada())) == "mention-unknown"
    assert stands(dispatch) is PostState.UNKNOWN
    assert code_of(lambda: mention_posting.post(dispatch.id, actor=ada())) == "mention-pressed"
    taken = len(social.posts)
    assert mention_posting.look(dispatch.id, actor=ada()) is bool(taken)
    db.session.refresh(dispatch)
    if not taken:
        assert stands(dispatch) is PostState.READY
        mention_posting.post(dispatch.id, actor=ada())
    db.session.refresh(dispatch)
    assert dispatch.state is S.MENTIONED
    assert len(social.posts) == 1
    assert code_of(lambda: mention_posting.look(dispatch.id, actor=ada())) == "mention-known"


def test_a_network_that_cannot_be_asked_leaves_the_doubt(ctx: AppContext, social: Social) -> None:
    dispatch = ready("@larkspur@social.example")
    social.fails(STATUSES, Fault.DROP)
    assert code_of(lambda: mention_posting.post(dispatch.id, actor=ada())) == "mention-unknown"
    social.fails("/api/v1/accounts/7/statuses", 500)
    assert code_of(lambda: mention_posting.look(dispatch.id, actor=ada())) == "mention-not-asked"
    assert stands(dispatch) is PostState.UNKNOWN


class Dies:
    """A way whose program is stopped after the post was taken."""

    def __init__(self) -> None:
        self.taken: list[Post] = []

    def new_key(self, _at: object) -> str:
        return "key"

    def post(self, post: Post) -> str:
        assert not db.session().in_transaction(), "a transaction is open during the talk"
        self.taken.append(post)
        raise KeyboardInterrupt

    def find(self, post: Post) -> str | None:
        assert not db.session().in_transaction(), "a transaction is open during the talk"
        return f"https://social.example/@us/{len(self.taken)}"


def test_a_program_that_was_stopped_while_it_posted_leaves_a_doubt(
    ctx: AppContext, social: Social, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch, way = ready("@larkspur@social.example"), Dies()
    monkeypatch.setattr(Networks, "way", lambda _self, _network: way)
    with pytest.raises(KeyboardInterrupt):
        mention_posting.post(dispatch.id, actor=ada())
    db.session.rollback()
    assert stands(dispatch) is PostState.POSTING
    with clock.at(clock.now() + LOST_AFTER - timedelta(seconds=5)):
        assert code_of(lambda: mention_posting.look(dispatch.id, actor=ada())) == "mention-known"
    with clock.at(clock.now() + LOST_AFTER):
        assert stands(dispatch) is PostState.UNKNOWN
        assert code_of(lambda: mention_posting.post(dispatch.id, actor=ada())) == "mention-pressed"
        assert mention_posting.look(dispatch.id, actor=ada())
    db.session.refresh(dispatch)
    assert dispatch.state is S.MENTIONED
    assert len(way.taken) == 1


def test_two_who_press_at_once_post_it_once(app: Flask, social: Social) -> None:
    with app.app_context():
        number, who = ready("@larkspur@social.example").id, ada().id
        db.session.remove()

    def press() -> object:
        return mention_posting.post(number, actor=db.session.get_one(User, who)).state

    told = at_once(app, press, press)
    assert sorted(map(str, told))[0] in ("dispatch-moved-on", "mention-pressed")
    assert S.MENTIONED in told
    assert len(social.posts) == 1


def test_what_was_withdrawn_while_it_was_posted_is_kept_as_evidence(
    ctx: AppContext, social: Social, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch = ready("@larkspur@social.example")

    class Slow(Dies):
        def post(self, post: Post) -> str:
            operations.withdraw_dispatch(dispatch.id, why="a mistake", actor=ada())
            return "https://social.example/@us/1"

    monkeypatch.setattr(Networks, "way", lambda _self, _network: Slow())
    mention_posting.post(dispatch.id, actor=ada())
    db.session.refresh(dispatch)
    assert dispatch.state is S.WITHDRAWN
    assert [one.detail for one in dispatch.evidence] == ["https://social.example/@us/1"]


def test_without_an_account_of_ours_a_person_posts_it(ctx: AppContext) -> None:
    dispatch = ready("@larkspur.bsky.social")
    assert code_of(lambda: mention_posting.post(dispatch.id, actor=ada())) == "mention-by-hand"
    mail = queries.dispatches_of(dispatch.letter_id)[0]
    assert code_of(lambda: mention_posting.post(mail.id, actor=ada())) == "other-channel"


def test_a_mention_of_a_post_elsewhere_is_refused_and_nothing_noted(ctx: AppContext) -> None:
    dispatch = ready("@larkspur.bsky.social")
    link = "https://x.com/us/status/1"

    def note() -> object:
        return operations.mentioned(dispatch.id, link=link, actor=ada())

    assert code_of(note) == "mention-link"
    db.session.refresh(dispatch)
    assert (dispatch.state, dispatch.evidence) == (S.QUEUED, [])


# The pages


def url_of(app: Flask, account: str, made: Callable[[str], Dispatch] = ready) -> str:
    with app.app_context():
        url = f"/staff/dispatches/{made(account).ref}/"
        db.session.remove()
    return url


def signed_in(app: Flask, client: FlaskClient, role: Role = Role.DRAFTER) -> FlaskClient:
    with app.app_context():
        who = ada() if role is Role.DRAFTER else accounts.user("Vera", role)
        accounts.sign_in(client, who)
        db.session.remove()
    return client


def test_the_page_posts_it_and_shows_its_address(
    app: Flask, client: FlaskClient, social: Social
) -> None:
    url = url_of(app, "@larkspur@social.example")
    drafter = signed_in(app, client)
    shown = page(drafter.get(url))
    link = str((shown.one('a[href*="/share?text="]').attrs or {})["href"])
    assert link.startswith(f"{social.url}/share?text=%40larkspur%40social.example%20We%2C%20")
    assert "Do not post this for real." in shown.text
    social.fails(STATUSES, Fault.DROP)
    doubt = page(accounts.post(drafter, url + "mention/post", page=url, follow_redirects=True))
    assert "Nobody knows whether it was posted" in doubt.text
    assert not doubt.select(f'form[action="{url}mention/post"], a[href*="/share?"]')
    found = page(accounts.post(drafter, url + "mention/look", page=url, follow_redirects=True))
    assert "It is there" in found.text
    assert f"{social.url}/@us/101" in found.text
    assert not found.select("#to-post")


def test_the_page_says_what_is_in_the_way_and_offers_nothing(
    app: Flask, client: FlaskClient, social: Social
) -> None:
    url = url_of(app, "@larkspur.bsky.social", ordered)
    drafter = signed_in(app, client)
    shown = page(drafter.get(url))
    assert "The letter itself has not left yet" in shown.text
    assert not shown.select('form[action$="mention/post"], a[href*="intent"]')
    page(accounts.post(drafter, url + "mention/post", page=url, follow_redirects=True))
    assert social.posts == []


@pytest.mark.parametrize("act", ["post", "look"])
def test_only_who_may_send_posts(app: Flask, client: FlaskClient, social: Social, act: str) -> None:
    url = url_of(app, "@larkspur@social.example")
    assert client.post(f"{url}mention/{act}").status_code in (302, 400, 401)
    viewer = signed_in(app, client, Role.APPROVER)
    assert not page(viewer.get(url)).select("#to-post")
    token = {"csrf_token": accounts.token(viewer, "/staff/halt/")}
    assert viewer.post(f"{url}mention/{act}", data=token).status_code == 403
    assert viewer.get(f"{url}mention/{act}").status_code in (404, 405)
    assert social.asked == []
