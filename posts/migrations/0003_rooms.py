import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.validators
import posts.models.room


class Migration(migrations.Migration):
    dependencies = [
        ("posts", "0002_remove_date_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_state_is_known",
        ),
        migrations.RemoveIndex(
            model_name="notification",
            name="notification_badge",
        ),
        migrations.AddField(
            model_name="membership",
            name="created_account",
            field=models.BooleanField(default=False, editable=False, verbose_name="account created by class list"),
        ),
        migrations.AddField(
            model_name="membership",
            name="is_co_teacher",
            field=models.BooleanField(default=False, editable=False, verbose_name="co-teacher"),
        ),
        migrations.AddField(
            model_name="membership",
            name="must_ask",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="membership",
            name="state_changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="state changed"),
        ),
        migrations.AddField(
            model_name="room",
            name="code_expires_at",
            field=models.DateTimeField(
                blank=True, null=True, validators=[accounts.validators.validate_year], verbose_name="code expires"
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="code_max_uses",
            field=models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(10000),
                ],
                verbose_name="maximum uses",
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="code_uses",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="times used"),
        ),
        migrations.AddField(
            model_name="room",
            name="description",
            field=models.CharField(blank=True, max_length=200, verbose_name="description"),
        ),
        migrations.AddField(
            model_name="room",
            name="group_of",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="groups",
                to="posts.room",
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="joining",
            field=models.CharField(
                choices=[
                    ("request", "People with the code ask to join, and an owner accepts them"),
                    ("code", "Everyone with the code joins"),
                    ("closed", "Only owners add people, and the code does not work"),
                ],
                default="request",
                max_length=10,
                verbose_name="joining",
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="mentioned_at",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AlterField(
            model_name="membership",
            name="state",
            field=models.CharField(
                choices=[
                    ("applied", "requested to join"),
                    ("member", "member"),
                    ("declined", "declined"),
                    ("removed", "removed"),
                    ("left", "left"),
                ],
                default="member",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reply", "reply"),
                    ("mention", "mention"),
                    ("room", "mention of the whole room"),
                    ("accepted", "join request accepted"),
                    ("declined", "join request declined"),
                    ("applied", "join request"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="room",
            name="join_code",
            field=models.CharField(
                default=posts.models.room.new_join_code,
                editable=False,
                max_length=20,
                unique=True,
                verbose_name="join code",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["recipient", "read_at", "room", "kind"], name="notification_badge"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["applied", "member", "declined", "removed", "left"])),
                name="membership_state_is_known",
            ),
        ),
    ]
