"""Concurrent changes of accounts: no deadlocks, and closed accounts are not restored."""

import threading

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts import actions as account_actions
from accounts.models import User
from accounts.refusals import AccountInactive, LastAdministrator, NotStaff
from accounts.tests.factories import AdminFactory, StudentFactory, TeacherFactory
from config.transactions import writing
from posts import actions
from posts.models import Post
from posts.tests.support import run_concurrently, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 15


def find_errors(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def close(user):
    account_actions.close_account(User.objects.get(pk=user.pk), User.objects.get(pk=user.pk))


def queryset_of(user):
    return User.objects.filter(pk=user.pk)


CHANGES = {
    "deactivate": lambda actor, other: account_actions.deactivate_users(queryset_of(other), actor),
    "demote": lambda actor, other: account_actions.change_role(queryset_of(other), "student", actor),
    "close": lambda actor, other: account_actions.close_account(actor, actor),
}


@pytest.mark.guarantee("last-administrator")
@pytest.mark.parametrize("change", CHANGES)
def test_one_of_two_administrators_remains(change):
    for _round in range(ROUNDS):
        User.objects.filter(role="admin").update(is_active=False)
        pair = AdminFactory.create_batch(2)

        outcomes = run_concurrently(2, lambda index, pair=pair: CHANGES[change](pair[index], pair[1 - index]))

        assert User.objects.active().filter(role="admin").count() == 1
        assert len(find_errors(outcomes)) == 1
        assert isinstance(find_errors(outcomes)[0], LastAdministrator | AccountInactive | NotStaff)


@pytest.mark.guarantee("deadlocks")
def test_users_who_mention_each_other_close_concurrently(common_room):
    for _round in range(ROUNDS):
        pair = StudentFactory.create_batch(2)
        for index, author in enumerate(pair):
            actions.write_post(author, common_room, f"@{pair[1 - index].username} hello")

        outcomes = run_concurrently(2, lambda index, pair=pair: close(pair[index]))

        assert find_errors(outcomes) == []
        assert not Post.objects.filter(body__contains="@person").exists()


@pytest.mark.guarantee("deadlocks")
def test_closing_while_a_post_with_a_mention_is_removed(common_room, student, admin):
    for _round in range(ROUNDS):
        closed_user = StudentFactory()
        posts = [actions.write_post(student, common_room, f"@{closed_user.username} {n}") for n in range(3)]
        tasks = [
            lambda closed_user=closed_user: close(closed_user),
            lambda posts=posts: [actions.remove_post(p, admin) for p in posts],
        ]

        outcomes = run_concurrently(2, lambda index, tasks=tasks: tasks[index]())

        assert find_errors(outcomes) == []
        assert not Post.objects.filter(body__contains=f"@{closed_user.username}").exists()


@pytest.mark.guarantee("deadlocks")
def test_concurrent_closing_of_one_account(common_room, classmate):
    for _round in range(ROUNDS):
        closed_user = TeacherFactory()
        actions.write_post(classmate, common_room, f"@{closed_user.username} hello")

        outcomes = run_concurrently(2, lambda _index, closed_user=closed_user: close(closed_user))

        assert find_errors(outcomes) == []
        assert User.objects.get(pk=closed_user.pk).is_closed


def test_closing_while_others_mention_the_user(common_room):
    for _round in range(ROUNDS):
        closed_user, *authors = StudentFactory.create_batch(3)
        tasks = [lambda closed_user=closed_user: close(closed_user)] + [
            lambda author=author, closed_user=closed_user: actions.write_post(
                author, common_room, f"hello @{closed_user.username}"
            )
            for author in authors
        ]

        outcomes = run_concurrently(3, lambda index, tasks=tasks: tasks[index]())

        assert find_errors(outcomes) == []
        linked = [post for post in Post.objects.all() if closed_user.username in post.mentions]
        assert linked == []


@pytest.mark.guarantee("erasure")
@pytest.mark.parametrize("restore", ["save_profile", "reactivate", "change_password"])
def test_closed_account_is_not_restored_by_a_blocked_change(student, admin, restore):
    stale_user = User.objects.get(pk=student.pk)
    stale_user.first_name = "Sam"
    closed, outcomes = threading.Event(), []
    changes = {
        "save_profile": lambda: account_actions.save_profile(stale_user, ["first_name", "email"]),
        "reactivate": lambda: account_actions.reactivate_users(queryset_of(student), admin),
        "change_password": lambda: account_actions.change_password(None, stale_user, make_password("new")),
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
