from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("posts", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="notification",
            name="notification_by_date",
        ),
        migrations.RemoveIndex(
            model_name="post",
            name="post_by_date",
        ),
    ]
