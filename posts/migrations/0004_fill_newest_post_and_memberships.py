"""Fill `Room.newest_post`, and give every user a membership of the common room and every owner one of their rooms."""

from django.db import migrations
from django.db.models import Max

BATCH = 1000


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    rooms = apps.get_model("posts", "Room").objects.using(alias)
    memberships = apps.get_model("posts", "Membership").objects.using(alias)
    posts = apps.get_model("posts", "Post").objects.using(alias)
    users = apps.get_model("accounts", "User").objects.using(alias)

    for room in rooms.all():
        newest = posts.filter(room=room, removed_at=None).aggregate(newest=Max("pk"))["newest"]
        rooms.filter(pk=room.pk).update(newest_post=newest or 0)

    common = rooms.filter(is_common=True).first()
    if common is not None:
        # Requests to join the common room had no effect: everyone except removed users was in it.
        memberships.filter(room=common, state__in=["applied", "declined"]).update(state="member")
        # Closed accounts have no memberships.
        missing = users.filter(closed_at=None).exclude(memberships__room=common).values_list("pk", flat=True)
        _add(memberships, [(common.pk, user) for user in missing])

    owned = rooms.exclude(owner=None).values_list("pk", "owner")
    for room, owner in owned:
        memberships.filter(room=room, user=owner).update(state="member")
    known = set(memberships.filter(room__owner__isnull=False).values_list("room", "user"))
    _add(memberships, [pair for pair in owned if pair not in known])


def _add(memberships, pairs):
    model = memberships.model
    for start in range(0, len(pairs), BATCH):
        memberships.bulk_create(
            [model(room_id=room, user_id=user, state="member") for room, user in pairs[start : start + BATCH]]
        )


class Migration(migrations.Migration):
    dependencies = [("posts", "0003_newest_post"), ("accounts", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
