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
    "save": lambda model, **fields: _saved(model(**fields)),
    "bulk_create": lambda model, **fields: model.objects.bulk_create([model(**fields)])[0],
    "bulk_create from a generator": lambda model, **fields: model.objects.bulk_create(model(**f) for f in [fields])[0],
}


def _saved(user):
    user.save()
    return user


def _cast():
    return UserFactory(role="student"), UserFactory(role="teacher"), UserFactory(role="admin")


@pytest.mark.parametrize(("model", "role", "other"), PROXIES)
def test_a_proxy_loads_its_own_role_only(db, model, role, other):
    cast = _cast()

    loaded = model.objects.all()

    assert [person.username for person in loaded] == [person.username for person in cast if person.role == role]
    assert all(type(person) is model for person in loaded)
    assert model.objects.count() == 1
    assert not model.objects.filter(role=other).exists()


@pytest.mark.parametrize("way", WAYS_TO_CREATE)
@pytest.mark.parametrize("given", ["none", "other"])
@pytest.mark.parametrize(("model", "role", "other"), PROXIES)
def test_a_proxy_stamps_its_role_on_what_it_creates(db, model, role, other, given, way):
    fields = {"username": "ida", "email": "ida@school.example"} | ({"role": other} if given == "other" else {})

    WAYS_TO_CREATE[way](model, **fields)

    assert User.objects.get(username="ida").role == role
    assert model.objects.filter(username="ida").exists()


def test_saving_through_a_proxy_again_leaves_the_role_that_an_administrator_gave(db):
    person = Student.objects.create_user("ida", "ida@school.example")
    User.objects.filter(pk=person.pk).update(role=Role.TEACHER)
    person.refresh_from_db(from_queryset=User.objects.all())

    person.location = "House Elm"
    person.save()

    assert User.objects.get(pk=person.pk).role == Role.TEACHER


def test_updating_through_a_proxy_touches_its_own_role_only(db):
    _cast()

    Student.objects.update(location="House Elm")

    assert list(User.objects.filter(location="House Elm").values_list("role", flat=True)) == ["student"]


@pytest.mark.parametrize("factory", [StudentFactory, TeacherFactory])
def test_whoever_signs_in_is_a_user_and_never_a_proxy(as_, db, factory):
    response = as_(factory()).get("/home/", follow=True)

    assert type(response.wsgi_request.user._wrapped) is User


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Student, Teacher])
def test_a_proxy_makes_no_superusers(model):
    assert model.objects.create_superuser is None
