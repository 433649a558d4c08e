"""Accounts that are closed or changed at the same time: nothing is restored, nobody sees a deadlock."""

import threading

import pytest
from django.db import connection

from accounts import actions as account_actions
from accounts.models import User
from accounts.refusals import AccountInactive, LastAdministrator
from accounts.tests.factories import AdminFactory, StudentFactory, TeacherFactory
from config.transactions import writing
from posts import actions
from posts.models import Post
from posts.tests.support import run_concurrently, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 15


def errors_in(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def close(user):
    account_actions.close_account(User.objects.get(pk=user.pk), User.objects.get(pk=user.pk))


def users(user):
    return User.objects.filter(pk=user.pk)


ENDINGS = {
    "deactivate": lambda actor, other: account_actions.deactivate(users(other), actor),
    "demote": lambda actor, other: account_actions.change_role(users(other), "student", actor),
    "leave": lambda actor, other: account_actions.close_account(actor, actor),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_of_two_administrators_remains(ending):
    for _round in range(ROUNDS):
        User.objects.filter(role="admin").update(is_active=False)
        pair = AdminFactory.create_batch(2)

        outcomes = run_concurrently(2, lambda index, pair=pair: ENDINGS[ending](pair[index], pair[1 - index]))

        assert User.objects.active().filter(role="admin").count() == 1
        assert len(errors_in(outcomes)) == 1
        assert isinstance(errors_in(outcomes)[0], LastAdministrator | AccountInactive)


def test_two_users_who_mention_each_other_leave_at_the_same_time(common_room):
    for _round in range(ROUNDS):
        pair = StudentFactory.create_batch(2)
        for index, author in enumerate(pair):
            actions.write_post(author, common_room, f"@{pair[1 - index].username} hello")

        outcomes = run_concurrently(2, lambda index, pair=pair: close(pair[index]))

        assert errors_in(outcomes) == []
        assert not Post.objects.filter(body__contains="@person").exists()


def test_user_leaves_while_a_post_that_mentions_them_is_removed(common_room, student, admin):
    for _round in range(ROUNDS):
        leaver = StudentFactory()
        posts = [actions.write_post(student, common_room, f"@{leaver.username} {n}") for n in range(3)]
        tasks = [
            lambda leaver=leaver: close(leaver),
            lambda posts=posts: [actions.remove_post(p, admin) for p in posts],
        ]

        outcomes = run_concurrently(2, lambda index, tasks=tasks: tasks[index]())

        assert errors_in(outcomes) == []
        assert not Post.objects.filter(body__contains=f"@{leaver.username}").exists()


def test_account_closed_twice_at_the_same_time(common_room, classmate):
    for _round in range(ROUNDS):
        leaver = TeacherFactory()
        actions.write_post(classmate, common_room, f"@{leaver.username} hello")

        outcomes = run_concurrently(2, lambda _index, leaver=leaver: close(leaver))

        assert errors_in(outcomes) == []
        assert User.objects.get(pk=leaver.pk).is_closed


def test_user_leaves_while_others_mention_them(common_room):
    for _round in range(ROUNDS):
        leaver, *authors = StudentFactory.create_batch(3)
        tasks = [lambda leaver=leaver: close(leaver)] + [
            lambda author=author, leaver=leaver: actions.write_post(author, common_room, f"hello @{leaver.username}")
            for author in authors
        ]

        outcomes = run_concurrently(3, lambda index, tasks=tasks: tasks[index]())

        assert errors_in(outcomes) == []
        linked = [post for post in Post.objects.all() if leaver.username in post.mentions]
        assert linked == []


@pytest.mark.parametrize("restore", ["save_profile", "reactivate", "change_password"])
def test_closed_account_is_not_restored_by_a_change_that_waits(student, admin, restore):
    loaded_earlier = User.objects.get(pk=student.pk)
    loaded_earlier.first_name = "Sam"
    loaded_earlier.set_password("another long password")
    closed, outcomes = threading.Event(), []
    changes = {
        "save_profile": lambda: account_actions.save_profile(loaded_earlier, ["first_name", "email"]),
        "reactivate": lambda: account_actions.reactivate(users(student), admin),
        "change_password": lambda: account_actions.change_password(None, loaded_earlier),
    }

    def run():
        closed.wait(30)
        try:
            outcomes.append(changes[restore]())
        except Exception as error:
            outcomes.append(type(error))
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    with writing():
        account_actions.close_account(User.objects.get(pk=student.pk), admin)
        closed.set()
        wait_until_blocked(thread)
    thread.join(60)

    user = User.objects.get(pk=student.pk)
    assert outcomes == ([0] if restore == "reactivate" else [AccountInactive])
    assert (user.first_name, user.email) == ("", f"former-{user.pk}@invalid.invalid")
    assert not user.is_active
    assert not user.has_usable_password()
