"""The proxy models Student and Teacher."""

import pytest

from accounts.models import Role, Student, Teacher, User
from accounts.tests.factories import StudentFactory, TeacherFactory, UserFactory

PROXIES = [(Student, "student", "teacher"), (Teacher, "teacher", "student")]

WAYS_TO_CREATE = {
    "create": lambda model, **fields: model.objects.create(**fields),
    "create_user": lambda model, **fields: model.objects.create_user(**fields),
    "get_or_create": lambda model, **fields: model.objects.get_or_create(**fields)[0],
    "update_or_create": lambda model, **fields: model.objects.update_or_create(**fields)[0],
    "save": lambda model, **fields: _save(model(**fields)),
    "bulk_create": lambda model, **fields: model.objects.bulk_create([model(**fields)])[0],
    "bulk_create from a generator": lambda model, **fields: model.objects.bulk_create(model(**f) for f in [fields])[0],
}


def _save(user):
    user.save()
    return user


def create_users():
    return UserFactory(role="student"), UserFactory(role="teacher"), UserFactory(role="admin")


@pytest.mark.parametrize(("model", "role", "other"), PROXIES)
def test_proxy_loads_its_role_only(db, model, role, other):
    users = create_users()

    loaded = model.objects.all()

    assert [user.username for user in loaded] == [user.username for user in users if user.role == role]
    assert all(type(user) is model for user in loaded)
    assert model.objects.count() == 1
    assert not model.objects.filter(role=other).exists()


@pytest.mark.parametrize("method", WAYS_TO_CREATE)
@pytest.mark.parametrize("given", ["none", "other"])
@pytest.mark.parametrize(("model", "role", "other"), PROXIES)
def test_proxy_sets_role_of_new_users(db, model, role, other, given, method):
    fields = {"username": "ida", "email": "ida@school.example"} | ({"role": other} if given == "other" else {})

    WAYS_TO_CREATE[method](model, **fields)

    assert User.objects.get(username="ida").role == role
    assert model.objects.filter(username="ida").exists()


def test_saving_through_proxy_does_not_reset_role(db):
    user = Student.objects.create_user("ida", "ida@school.example")
    User.objects.filter(pk=user.pk).update(role=Role.TEACHER)
    user.refresh_from_db(from_queryset=User.objects.all())

    user.location = "House Elm"
    user.save()

    assert User.objects.get(pk=user.pk).role == Role.TEACHER


def test_updating_through_proxy_changes_its_role_only(db):
    create_users()

    Student.objects.update(location="House Elm")

    assert list(User.objects.filter(location="House Elm").values_list("role", flat=True)) == ["student"]


@pytest.mark.parametrize("factory", [StudentFactory, TeacherFactory])
def test_request_user_is_never_a_proxy(client_for, db, factory):
    response = client_for(factory()).get("/home/", follow=True)

    assert type(response.wsgi_request.user._wrapped) is User


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Student, Teacher])
def test_proxy_cannot_create_superuser(model):
    assert model.objects.create_superuser is None
