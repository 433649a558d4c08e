import uuid

import django.core.serializers.json
import django.utils.timezone
from django.db import migrations, models

import accounts.models.outbox


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("name", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_in", "Sign-in to an account from an address"),
                            ("browser", "Sign-in to an account from one of its browsers"),
                            ("login", "Sign-in with a username or email address"),
                            ("address", "All forms from an address"),
                            ("password", "Password of a signed-in user"),
                            ("reset", "Password reset emails"),
                            ("alert", "Emails about unknown browsers"),
                        ],
                        max_length=10,
                        verbose_name="limit",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("ends_at", models.DateTimeField(db_index=True, verbose_name="ends")),
                ("username", models.CharField(blank=True, max_length=20, verbose_name="username")),
                ("address", models.CharField(blank=True, max_length=50, verbose_name="address")),
            ],
            options={
                "verbose_name": "limit of attempts",
                "verbose_name_plural": "limits of attempts",
            },
        ),
        migrations.CreateModel(
            name="UnusedFile",
            fields=[
                ("name", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="QueuedEmail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("function", models.CharField(blank=True, max_length=30)),
                ("content", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("send_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(default=accounts.models.outbox.default_expiry)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("bulk", models.BooleanField(default=False)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["bulk", "send_at"], name="email_queue")],
            },
        ),
    ]
