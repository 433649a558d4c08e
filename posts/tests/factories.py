"""Factories for rooms, memberships, posts and notifications."""

import factory

from accounts.tests.factories import StudentFactory, TeacherFactory
from posts.models import Membership, Notification, Post, Room


class RoomFactory(factory.django.DjangoModelFactory):
    """A room whose only member is its owner, a teacher."""

    class Meta:
        model = Room
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Room {number:04}")
    slug = factory.Sequence(lambda number: f"room-{number:04}")
    owner = factory.SubFactory(TeacherFactory)

    @factory.post_generation
    def owner_membership(self, create, extracted, **kwargs):
        if create and self.owner:
            Membership.objects.create(room=self, user=self.owner)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(StudentFactory)
    room = factory.SubFactory(RoomFactory)


class PostFactory(factory.django.DjangoModelFactory):
    """A post, by default in the common room."""

    class Meta:
        model = Post

    room = factory.LazyFunction(lambda: Room.objects.get(slug="common"))
    author = factory.SubFactory(StudentFactory)
    body = factory.Sequence(lambda number: f"Has anyone done exercise {number}?")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        post = super()._create(model_class, *args, **kwargs)
        if not post.is_removed:
            Room.objects.filter(pk=post.room_id, newest_post__lt=post.pk).update(newest_post=post.pk)
        return post


class NotificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notification

    recipient = factory.SubFactory(StudentFactory)
    post = factory.SubFactory(PostFactory)
    actor = factory.SelfAttribute("post.author")
    room = factory.SelfAttribute("post.room")
    kind = "mention"
