"""API keys: made, told once where they are secret, known by their kind, removed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.services.backends.memory import MemoryStore
from blockwright.services.records import ApiKey, KeyKind
from tests.services.world import NOON, World, code_of, failure_of, label, run

PUBLIC = [KeyKind.REST, KeyKind.JS]
SECRET = [KeyKind.CLOUD_CODE, KeyKind.OWNER]
UUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def value_of(key: ApiKey) -> str:
    assert key.value is not None
    return key.value


@pytest.mark.parametrize("kind", list(KeyKind))
def test_a_key_is_known_by_its_kind_until_it_is_removed(world: World, kind: KeyKind) -> None:
    key, other = run(world.users.make_key(kind, "phone app")), run(world.users.make_key(kind))
    assert (key.kind, key.label, key.created) == (kind, "phone app", NOON)
    assert run(world.users.kind_of_key(value_of(key))) is kind

    run(world.users.remove_key(key.key_id))

    assert run(world.users.kind_of_key(value_of(key))) is None
    assert run(world.users.kind_of_key(value_of(other))) is kind
    assert code_of(world.users.remove_key(key.key_id)) == 2004


@pytest.mark.parametrize("kind", PUBLIC)
def test_a_public_key_is_a_uuid_that_can_be_looked_up_again(world: World, kind: KeyKind) -> None:
    key = run(world.users.make_key(kind))

    assert UUID.fullmatch(value_of(key))
    assert run(world.users.list_keys()) == (key,)


@pytest.mark.parametrize("kind", SECRET)
def test_a_secret_key_is_told_once_and_kept_as_a_digest(world: World, kind: KeyKind) -> None:
    key = run(world.users.make_key(kind))

    [listed] = run(world.users.list_keys())
    kept = run(world.store.read(lambda tables: list(tables.keys.all())))

    assert len(value_of(key)) >= 43
    assert (listed.key_id, listed.value) == (key.key_id, None)
    assert value_of(key) not in repr(kept)
    assert value_of(key) not in repr(key)


def test_keys_are_listed_from_the_oldest_on(world: World) -> None:
    labels = ["third", "first", "second"]
    for name in labels:
        run(world.users.make_key(KeyKind.REST, name))
        world.clock.now += 1

    assert [key.label for key in run(world.users.list_keys())] == labels


@pytest.mark.parametrize("value", ["", "x", "x" * 100_000, "\0", "\ud800", None, 5, ["x"], b"x"], ids=label)
def test_anything_at_all_may_be_asked_about(world: World, value: str) -> None:
    run(world.users.make_key(KeyKind.OWNER))

    assert run(world.users.kind_of_key(value)) is None


@given(value=st.text() | st.none() | st.integers() | st.uuids().map(lambda uuid: str(uuid).upper()))
def test_a_made_up_key_is_none(value: str) -> None:
    world = World(MemoryStore())
    key = run(world.users.make_key(KeyKind.REST))

    assert run(world.users.kind_of_key(value)) is None
    assert run(world.users.kind_of_key(value_of(key).lower())) is None


def test_a_kind_may_be_given_by_its_name_and_there_is_no_other(world: World) -> None:
    assert run(world.users.make_key("cloud-code")).kind is KeyKind.CLOUD_CODE  # type: ignore[arg-type]

    for kind in ("REST", "", None, 5, ["rest"]):
        failure = failure_of(world.users.make_key(kind))  # type: ignore[arg-type]
        assert failure.code == "bad value"
        assert "rest, js, cloud-code, owner" in failure.message


@pytest.mark.parametrize("text", ["x" * 101, "a\nb", "\0", "\ud800", None, 5], ids=label)
def test_a_label_is_something_people_can_read(world: World, text: str) -> None:
    assert code_of(world.users.make_key(KeyKind.REST, text)) == "bad value"
    assert run(world.users.list_keys()) == ()


@pytest.mark.parametrize("key_id", ["", "x", "x" * 100_000, "\0", "\ud800"], ids=label)
def test_an_id_that_no_key_has_is_not_found(world: World, key_id: str) -> None:
    failure = failure_of(world.users.remove_key(key_id))

    assert failure.code == 2004
    assert failure.message.isprintable()
    assert len(failure.message) < 200
    assert code_of(world.users.remove_key(None)) == "bad value"  # type: ignore[arg-type]
