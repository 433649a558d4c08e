"""Open the common room, where everybody is."""

from django.db import migrations

SLUG = "common"


def open_common_room(apps, schema_editor):
    Room = apps.get_model("posts", "Room")
    rooms = Room.objects.using(schema_editor.connection.alias)
    rooms.get_or_create(slug=SLUG, defaults={"name": "Common room", "is_common": True})


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial")]

    # Backwards, the table itself goes with the migration before; what was said in the room is not this one's to drop.
    operations = [migrations.RunPython(open_common_room, migrations.RunPython.noop)]
