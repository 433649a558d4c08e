"""The recipients of each kind of notification."""

import pytest
from django.template.loader import get_template

from posts.models import Notification
from posts.notification_kinds import KINDS, PostFacts, recipients
from posts.tests.factories import NotificationFactory

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
        ({"mentioned": {ANN}, "notifications_off": {ANN}}, {}),
        ({"mentioned": {ANN}, "replied_to": ANN, "notifications_off": {ANN}}, {}),
        ({"mentioned": {ANN, BEN}, "notifications_off": {ANN, CAT}}, {BEN: MENTION}),
        ({"mentioned": {ANN}, "readers": set()}, {}),
        ({"replied_to": ANN, "readers": {BEN}}, {}),
        ({"mentioned": {ANN, BEN}, "notified": {ANN}}, {BEN: MENTION}),
        ({"replied_to": ANN, "notified": {ANN}}, {}),
    ],
)
def test_recipients(facts, kinds):
    assert recipients(PostFacts(author=ME, **({"readers": ALL} | facts))) == kinds


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.django_db
def test_kind_has_a_template_and_a_link(kind):
    notification = NotificationFactory(kind=kind)

    assert get_template(notification.template).render({"name": "Kim"}).lstrip().startswith('<b dir="auto">Kim</b> ')
    assert notification.get_absolute_url().startswith("/")


@pytest.mark.parametrize("path", ["/notifications/", "/home/student/"])
@pytest.mark.django_db
def test_unknown_kind_does_not_break_a_page(client_for, student, path):
    NotificationFactory(recipient=student, kind="unknown")

    assert client_for(student).get(path).status_code == 200


def test_choices_of_the_model_are_the_kinds():
    assert [name for name, _label in Notification._meta.get_field("kind").choices] == list(KINDS)
