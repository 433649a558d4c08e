import re

import django.core.validators
from django.db import migrations, models


def clear_empty_addresses(apps, schema_editor):
    """Replace an empty address by NULL: older versions could create one user without an address."""
    apps.get_model("accounts", "User").objects.filter(email="").update(email=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_protection"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False, editable=False, verbose_name="must change password"),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                blank=True,
                error_messages={"unique": "Another account uses this email address."},
                max_length=254,
                null=True,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        re.compile("\\A[\\x21-\\x7e]*\\Z"),
                        "Use an email address without accented letters or spaces.",
                        code="non_ascii_email",
                    )
                ],
                verbose_name="email address",
            ),
        ),
        migrations.RunPython(clear_empty_addresses, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="throttle",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sign_in", "Sign-in to an account from an address"),
                    ("browser", "Sign-in to an account from one of its browsers"),
                    ("login", "Sign-in with a username or email address"),
                    ("address", "All forms from an address"),
                    ("password", "Password of a signed-in user"),
                    ("join", "Join codes that a user enters"),
                    ("reset", "Password reset emails"),
                    ("alert", "Emails about unknown browsers"),
                ],
                max_length=10,
                verbose_name="limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), _negated=True), name="email_is_not_empty"
            ),
        ),
    ]
