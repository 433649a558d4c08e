"""Settings and users for all tests."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.test import Client

from accounts.tests.factories import AdminFactory, StudentFactory, TeacherFactory

pytest_plugins = ["posts.tests.browser", "posts.tests.live"]


def pytest_configure():
    """Turn off synchronous commits, because test data does not have to survive a power failure."""
    database = settings.DATABASES["default"]
    options = database["OPTIONS"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    elif database["ENGINE"] == "django.db.backends.postgresql":
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off"


def restore_common_room(plan=None, using="default", **kwargs):
    """Create the common room again after a test that flushes the tables. A flush has no `plan`."""
    if plan is None:
        room = apps.get_model("posts", "Room")
        room.objects.using(using).get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})


post_migrate.connect(restore_common_room, sender=apps.get_app_config("posts"))


@pytest.fixture(autouse=True)
def fast_settings(settings, tmp_path):
    """Use an empty media folder, fast password hashes and static files without a manifest."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # Otherwise each test client scans all collected static files when it sends its first request.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.HTTPS = False
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False


@pytest.fixture
def student(db):
    """The student who acts in most tests."""
    return StudentFactory(username="sam", first_name="Sam", last_name="Okafor")


@pytest.fixture
def classmate(db):
    """A student who shares rooms with `student`."""
    return StudentFactory(username="kim", first_name="Kim", last_name="Lund")


@pytest.fixture
def outsider(db):
    """A student who is in no room except the common room."""
    return StudentFactory(username="olu")


@pytest.fixture
def teacher(db):
    """An approved teacher."""
    return TeacherFactory(username="ms.hale", first_name="Ada", last_name="Hale")


@pytest.fixture
def pending_teacher(db):
    """A teacher awaiting approval."""
    return TeacherFactory(username="mr.new", approved_at=None)


@pytest.fixture
def admin(db):
    """An administrator."""
    return AdminFactory(username="head", email="head@school.example")


@pytest.fixture
def deactivated(db):
    """A student whose account an administrator has deactivated."""
    return StudentFactory(username="gone", is_active=False)


@pytest.fixture
def client_for(db):
    """Return a function that returns a client signed in as a user, or signed out for None."""

    def create_client(user):
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return create_client


@pytest.fixture
def common_room(db):
    """The room that all users are members of."""
    from posts.models import Room

    return Room.objects.get(slug="common")
