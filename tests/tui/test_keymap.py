"""Keys of one's own: what can be asked for, who gets what, and what can never be lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.tui.actions import ACTIONS, BY_ID
from itgov.tui.dialogs.command import names
from itgov.tui.keymap import Keymap, Layer, keymap, read_key, show_key

KEPT = ("quit", "back", "help")
IDS = st.sampled_from([a.id for a in ACTIONS])
DEFAULT_KEYS = [key for a in ACTIONS for key in a.keys]
KEYS = st.sampled_from(
    [*map(show_key, DEFAULT_KEYS), "x", "Z", "ctrl+x", "alt+f4", "f12", ",", "ctrl+,", " ", "é", "shift+tab"]
)  # fmt: skip
WANTED = st.one_of(
    KEYS, st.just("off"), st.lists(KEYS, max_size=3), st.lists(KEYS, max_size=3).map(", ".join),
    st.text(max_size=8), st.lists(st.text(max_size=4), max_size=2),
)  # fmt: skip
LAYERS = st.lists(
    st.dictionaries(st.one_of(IDS, st.sampled_from(KEPT), st.text(max_size=6)), WANTED, max_size=8)
    .map(lambda keys: Layer("itgov.yaml", keys)),
    max_size=3,
)  # fmt: skip


def asked(**keys: Any) -> Keymap:
    return keymap(Layer("itgov.yaml", {k.replace("_", "-"): v for k, v in keys.items()}))


def test_no_two_actions_have_the_same_key_to_begin_with() -> None:
    assert len(DEFAULT_KEYS) == len(set(DEFAULT_KEYS))
    assert keymap().problems == ()


def test_no_two_commands_have_the_same_name() -> None:
    assert len(names()) == len(set(names()))


def test_no_default_key_is_one_that_a_terminal_or_tmux_takes() -> None:
    unfit = {"ctrl+m", "ctrl+i", "ctrl+h", "ctrl+left_square_bracket", "ctrl+enter", "ctrl+j", "ctrl+k", "ctrl+l", "ctrl+s"}  # fmt: skip
    assert unfit.isdisjoint(DEFAULT_KEYS)
    for action in ACTIONS:
        assert action.keys or action.letter, action.id
        assert not re.fullmatch("f[0-9]+", next(iter(action.keys), "")), action.id


@given(LAYERS)
def test_a_key_does_one_thing_and_nobody_is_locked_in(layers: list[Layer]) -> None:
    found = keymap(*layers)
    every = [key for keys in found.keys.values() for key in keys]
    assert len(every) == len(set(every))
    for action in KEPT:
        assert found.of(action), action
    assert found.keys.keys() == BY_ID.keys()


@given(LAYERS)
def test_an_action_without_a_key_was_turned_off_or_is_reported(layers: list[Layer]) -> None:
    found = keymap(*layers)
    off = {a for layer in layers for a, w in layer.keys.items() if w in ("off", [], ["off"])}
    for action, keys in found.keys.items():
        if not keys and action not in off and not BY_ID[action].letter:
            assert any(f"`{action}`" in problem for problem in found.problems), action


@given(st.dictionaries(IDS, KEYS, max_size=6))
def test_what_is_asked_for_is_given_or_refused_by_name(wanted: dict[str, str]) -> None:
    found = keymap(Layer("itgov.yaml", wanted))
    for action, text in wanted.items():
        if read_key(text) not in found.of(action):
            assert any(f"`{action}`" in problem for problem in found.problems)


@given(st.text(max_size=12))
def test_a_key_that_is_read_is_shown_as_it_can_be_written(text: str) -> None:
    key = read_key(text)
    if key is not None:
        assert read_key(show_key(key)) == key


@given(st.dictionaries(IDS, WANTED, max_size=5))
def test_asking_twice_for_the_same_changes_nothing(wanted: dict[str, Any]) -> None:
    layer = Layer("itgov.yaml", wanted)
    assert keymap(layer, layer).keys == keymap(layer).keys


@pytest.mark.parametrize(
    ("written", "key"),
    [("/", "slash"), ("shift+a", "A"), ("Ctrl+P", "ctrl+p"), ("ctrl+,", "ctrl+comma"), (",", "comma"),
     ("ctrl++", "ctrl+plus"), ("+", "plus"), ("Esc", "escape"), ("PageDown", "pagedown"), ("é", "é"),
     (" ", "space"), ("F5", "f5"), ("shift+ctrl+left", "ctrl+shift+left"), ("alt+x", "alt+x"),
     ("hyper+x", None), ("ctrl+", None), ("shift+/", None), ("ab", None), ("\x1b", None), ("", None), ("ctrl+ctrl+a", None)],
)  # fmt: skip
def test_keys_as_people_write_them(written: str, key: str | None) -> None:
    assert read_key(written) == key


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [("a, ctrl+x", ("a", "ctrl+x")), (["a", ","], ("a", "comma")), ("X,,,Y", ("X", "comma", "Y")),
     (",", ("comma",)), ("ctrl+,", ("ctrl+comma",)), ("a,", ("a",)), (" ", ("space",))],
)  # fmt: skip
def test_several_keys_come_with_commas_or_as_a_list(
    wanted: str | list[str], keys: tuple[str, ...]
) -> None:
    assert asked(zoom=wanted).of("zoom") == keys


def test_the_user_wins_over_the_repository_and_that_over_the_default() -> None:
    repository = Layer("itgov.yaml", {"zoom": "U", "copy": "alt+y"})
    user = Layer("config.yaml", {"zoom": "ctrl+y", "theme": "alt+y"})
    found = keymap(repository, user)
    assert found.of("zoom") == ("ctrl+y",)
    assert found.of("theme") == ("alt+y",)
    assert found.of("copy") == ()
    assert found.problems == ("config.yaml: `alt+y` goes to `theme`; `copy` has no key now",)
    assert found.origin == {"zoom": "config.yaml", "copy": "itgov.yaml", "theme": "config.yaml"}


def test_a_clash_in_one_file_is_told_with_both_names_and_its_place() -> None:
    layer = Layer("itgov.yaml", {"zoom": "x", "copy": "x"}, {"copy": "itgov.yaml:3:5"})
    found = keymap(layer)
    assert found.of("zoom") == ("x",)
    assert found.of("copy") == ("y",)
    assert "itgov.yaml:3:5: `x` is set for `zoom` and `copy`; `zoom` has it" in found.problems


def test_an_unknown_action_is_told_with_what_was_probably_meant() -> None:
    assert asked(zom="x").problems == (
        "itgov.yaml: there is no action `zom`; did you mean `zoom`?",
    )


@pytest.mark.parametrize("action", KEPT)
def test_what_leads_out_cannot_be_turned_off(action: str) -> None:
    found = keymap(Layer("itgov.yaml", {action: "off"}))
    assert found.of(action) == BY_ID[action].keys
    assert found.problems == (f"itgov.yaml: `{action}` must have a key",)


def test_taking_the_last_way_out_is_refused_for_both_that_would_lose_it() -> None:
    found = keymap(Layer("itgov.yaml", {"quit": "escape", "down": ["q", "ctrl+c", "ctrl+q"]}))
    assert "escape" in found.of("back")
    assert found.of("quit")
    assert any("stays with `back`" in p for p in found.problems)


def test_an_action_can_be_left_without_a_key() -> None:
    assert asked(theme="off").of("theme") == ()
    assert asked(theme=[]).of("theme") == ()
    assert asked(theme="off").problems == ()


def test_a_key_that_a_terminal_cannot_send_is_refused() -> None:
    assert "a terminal sends `ctrl+m` of `zoom` as enter" in asked(zoom="ctrl+m").problems[0]
