"""People, chats, invites, sessions; enquiries, timers and the audit."""

from __future__ import annotations

from hashlib import sha256

import pytest

from bot.messages import Address
from bot.shop import enquiries, people, timers
from bot.shop.people import HOUR_MS, SESSION_UNSEEN_MS, Invite
from tests.shop.world import World

TELEGRAM = Address("telegram", "42")


def test_a_chat_is_opened_once_and_found_again(world: World) -> None:
    assert people.find_chat(world.unit, TELEGRAM) is None
    opened = people.open_chat(world.unit, TELEGRAM, name="Tashi", language="bo")
    assert (opened.person.role, opened.person.name, opened.language) == ("buyer", "Tashi", "bo")
    assert people.open_chat(world.unit, TELEGRAM, role="seller") == opened
    assert people.find_chat(world.unit, TELEGRAM) == opened == people.chat(world.db, opened.id)
    people.set_language(world.unit, opened.id, "en")
    people.set_state(world.unit, opened.id, '{"a":1}')
    people.set_name(world.unit, opened.person.id, "Pema")
    now = people.chat(world.unit, opened.id)
    assert (now.language, now.state, now.person.name) == ("en", '{"a":1}', "Pema")
    with pytest.raises(KeyError):
        people.chat(world.unit, 999)
    with pytest.raises(ValueError):
        people.open_chat(world.unit, Address("web", "x"), role="owner")


def test_staff_are_found_by_role_in_order(world: World) -> None:
    operator, seller = world.chat("operator"), world.chat("seller")
    first = people.staff_chats(world.unit, "seller")[0]
    assert first.person == world.seller
    assert people.staff_chats(world.unit, "seller", "operator") == [first, operator, seller]
    assert people.staff_chats(world.unit) == [first, operator, seller]
    assert people.staff_chats(world.unit, "operator") == [operator]


def test_an_invite_opens_one_chat_in_its_role(world: World) -> None:
    token = people.invite(world.unit, "seller")
    assert len(token) == 32
    assert people.invite_role(world.db, token, world.unit.now) == Invite(
        "seller", used=False, expired=False, chat_id=None
    )
    redeemed = people.redeem(world.unit, token, address_id="abc")
    assert redeemed and redeemed.chat.person.role == "seller"
    assert redeemed.chat.address == Address("web", "abc")
    session = people.session_chat(world.unit, redeemed.session_token, world.unit.now)
    assert session == redeemed.chat
    assert people.invite_role(world.db, token, world.unit.now) == Invite(
        "seller", used=True, expired=False, chat_id=redeemed.chat.id
    )
    before = world.everything()
    assert people.redeem(world.unit, token, address_id="other") is None
    assert people.redeem(world.unit, "0" * 32, address_id="other") is None
    assert world.everything() == before


def test_an_invite_ends_after_its_hours(world: World) -> None:
    token = people.invite(world.unit, "operator")
    world.later(72 * HOUR_MS - 1)
    seen = people.invite_role(world.db, token, world.unit.now)
    assert seen and not seen.expired
    world.later(1)
    seen = people.invite_role(world.db, token, world.unit.now)
    assert seen and seen.expired
    before = world.everything()
    assert people.redeem(world.unit, token, address_id="abc") is None
    assert world.everything() == before
    assert people.invite_role(world.db, "nonsense \ud800", world.unit.now) is None


def test_an_invite_raises_a_chat_that_exists_and_never_lowers_it(world: World) -> None:
    address = world.buyer.address.id
    old = people.open_session(world.unit, world.buyer.id)
    invite = people.invite(world.unit, "operator")
    raised = people.redeem(world.unit, invite, address_id=address)
    assert raised and raised.chat.id == world.buyer.id
    assert people.chat(world.unit, world.buyer.id).person.role == "operator"
    assert people.session_chat(world.unit, old, world.unit.now) is None
    again = people.redeem(world.unit, people.invite(world.unit, "seller"), address_id=address)
    assert again and again.chat.person.role == "operator"


def test_only_hashes_of_tokens_are_kept(world: World) -> None:
    tokens = [people.invite(world.unit, "seller"), people.open_session(world.unit, 1)]
    kept = str(world.everything())
    assert not any(token in kept for token in tokens)
    assert all(sha256(token.encode()).hexdigest() in kept for token in tokens)


def test_a_session_ends_ninety_days_after_it_was_last_seen(world: World) -> None:
    token = people.open_session(world.unit, world.buyer.id)
    world.later(SESSION_UNSEEN_MS - 1)
    assert people.session_chat(world.db, token, world.unit.now) == world.buyer
    assert people.session_chat(world.unit, token, world.unit.now) == world.buyer
    world.later(SESSION_UNSEEN_MS - 1)
    assert people.session_chat(world.db, token, world.unit.now) == world.buyer
    world.later(1)
    assert people.session_chat(world.unit, token, world.unit.now) is None
    assert people.session_chat(world.db, "", world.unit.now) is None


def test_a_session_is_marked_as_seen_at_most_once_an_hour(world: World) -> None:
    token = people.open_session(world.unit, world.buyer.id)
    before = world.everything()["session"]
    world.later(HOUR_MS - 1)
    people.session_chat(world.unit, token, world.unit.now)
    assert world.everything()["session"] == before
    world.later(1)
    people.session_chat(world.db, token, world.unit.now)
    assert world.everything()["session"] == before
    people.session_chat(world.unit, token, world.unit.now)
    assert world.everything()["session"] != before


def test_a_role_is_changed_with_an_audit_and_ends_sessions(world: World) -> None:
    token = people.open_session(world.unit, world.buyer.id)
    person = people.set_role(world.unit, world.buyer.person, "seller", by=world.seller)
    assert person.role == "seller"
    assert people.session_chat(world.unit, token, world.unit.now) is None
    (row,) = world.everything()["audit"]
    assert row[1:6] == (world.seller.id, "role", str(person.id), "buyer", "seller")


def test_an_enquiry_is_open_until_somebody_closes_it(world: World) -> None:
    first = enquiries.open_enquiry(world.unit, world.buyer.id, "为什么？", "{}")
    second = enquiries.open_enquiry(world.unit, world.rival.id, "how?", '{"intent":"other"}')
    assert enquiries.open_ones(world.db) == [first, second]
    assert enquiries.open_ones(world.db, limit=1) == [first]
    assert enquiries.close(world.unit, first.id, world.seller) == first
    before = world.everything()
    assert enquiries.close(world.unit, first.id, world.seller) is None
    assert world.everything() == before
    assert enquiries.open_ones(world.db) == [second]


def test_a_timer_is_set_moved_and_dropped(world: World) -> None:
    timers.set_timer(world.unit, "a", "1", 10)
    timers.set_timer(world.unit, "a", "1", 20)
    timers.set_timer(world.unit, "a", "2", 30)
    assert world.timers() == {("a", "1"): 20, ("a", "2"): 30}
    timers.drop_timer(world.unit, "a", "1")
    timers.drop_timer(world.unit, "b", "1")
    assert world.timers() == {("a", "2"): 30}
