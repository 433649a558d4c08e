"""Who may know of whom: a rule about rooms, and so not one that `accounts` could keep."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Role, User
from posts.models import Membership, Post, Room


def people_visible_to(viewer):
    """Return the people whom `viewer` may know of, as a queryset of User.

    Administrators see everybody. Others see active people: themselves, teachers, and whomever they share a room
    with, which is everybody while the common room is open to them.
    """
    if viewer.is_administrator:
        return User.objects.filter(closed_at=None)
    people = User.objects.active()
    rooms = Room.objects.visible_to(viewer)
    members = Membership.objects.filter(room__in=rooms, state=Membership.State.MEMBER).values("user")
    # Everything in the one query, so that no list asks twice.
    return people.filter(
        Exists(rooms.filter(is_common=True))
        | Q(pk=viewer.pk)
        | Q(role=Role.TEACHER)
        | Q(pk__in=members)
        | Q(pk__in=rooms.values("owner"))
    )


def people_in_room(room):
    """Return those who can read `room`: the people whom its posts may mention and notify."""
    memberships = Membership.objects.filter(room=room)
    people = User.objects.active()
    if room.is_common and room.is_archived:
        return people.filter(role=Role.ADMIN)
    if room.is_common:
        removed = memberships.filter(state=Membership.State.REMOVED).values("user")
        return people.exclude(pk__in=removed)
    members = memberships.filter(state=Membership.State.MEMBER).values("user")
    return people.filter(Q(pk__in=members) | Q(pk=room.owner_id) | Q(role=Role.ADMIN))


def with_post_count(people, viewer):
    """Annotate `post_count`: how many posts of each person `viewer` may see."""
    theirs = Post.objects.standing().visible_to(viewer).filter(author=OuterRef("pk")).order_by()
    counted = theirs.values("author").annotate(number=Count("pk")).values("number")
    return people.annotate(post_count=Coalesce(Subquery(counted), 0))
