"""Create the common room, which all users are members of."""

from django.db import migrations

SLUG = "common"


def create_common_room(apps, schema_editor):
    Room = apps.get_model("posts", "Room")
    rooms = Room.objects.using(schema_editor.connection.alias)
    rooms.get_or_create(slug=SLUG, defaults={"name": "Common room", "is_common": True})


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial")]

    # Reversing does not delete the room, which may have posts. Reversing 0001 drops the table.
    operations = [migrations.RunPython(create_common_room, migrations.RunPython.noop)]
