"""Factories for users."""

import factory
from django.utils import timezone

from accounts.models import Role, Student, Teacher, User
from posts.models import Membership, Room

PASSWORD = "correct horse staple"


class UserFactory(factory.django.DjangoModelFactory):
    """A user in the common room, whose password is PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number:04}")
    email = factory.LazyAttribute(lambda user: f"{user.username.lower()}@school.example")
    password = factory.django.Password(PASSWORD)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        user = super()._create(model_class, *args, **kwargs)
        # As `add_to_common_room` does, but without locks, which would take most of the time.
        if user.is_active and (room := Room.objects.filter(is_common=True).first()):
            Membership.objects.create(user=user, room=room)
        return user


class StudentFactory(UserFactory):
    class Meta:
        model = Student


class TeacherFactory(UserFactory):
    """An approved teacher."""

    class Meta:
        model = Teacher

    approved_at = factory.LazyFunction(timezone.now)


class AdminFactory(UserFactory):
    role = Role.ADMIN
    is_staff = True
    is_superuser = True
    approved_at = factory.LazyFunction(timezone.now)
