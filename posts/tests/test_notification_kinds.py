"""The recipients of each kind of notification."""

import pytest

from posts.notification_kinds import PostFacts, recipients

MENTION, REPLY = "mention", "reply"
ME, ANN, BEN, CAT = 1, 2, 3, 4
ALL = frozenset({ME, ANN, BEN, CAT})


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({}, {}),
        ({"mentioned": {ANN}}, {ANN: MENTION}),
        ({"mentioned": {ANN, BEN}}, {ANN: MENTION, BEN: MENTION}),
        ({"replied_to": ANN}, {ANN: REPLY}),
        ({"mentioned": {ANN}, "replied_to": ANN}, {ANN: REPLY}),
        ({"mentioned": {BEN}, "replied_to": ANN}, {ANN: REPLY, BEN: MENTION}),
        ({"mentioned": {ME}}, {}),
        ({"replied_to": ME}, {}),
        ({"mentioned": {ME, ANN}, "replied_to": ME}, {ANN: MENTION}),
        ({"mentioned": {ANN}, "muted": {ANN}}, {}),
        ({"mentioned": {ANN}, "replied_to": ANN, "muted": {ANN}}, {}),
        ({"mentioned": {ANN, BEN}, "muted": {ANN, CAT}}, {BEN: MENTION}),
        ({"mentioned": {ANN}, "readers": set()}, {}),
        ({"replied_to": ANN, "readers": {BEN}}, {}),
        ({"mentioned": {ANN, BEN}, "notified": {ANN}}, {BEN: MENTION}),
        ({"replied_to": ANN, "notified": {ANN}}, {}),
    ],
)
def test_recipients(facts, kinds):
    assert recipients(PostFacts(author=ME, **({"readers": ALL} | facts))) == kinds
