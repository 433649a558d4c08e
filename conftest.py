"""The cast that plays in all tests, and the stage: a database, fast password hashes, an empty media folder."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.test import Client

from accounts.tests.factories import AdminFactory, StudentFactory, TeacherFactory

pytest_plugins = ["posts.tests.browser", "posts.tests.live"]


def pytest_configure():
    """Let the database skip waiting for the disk. Test data need not survive a power failure."""
    database = settings.DATABASES["default"]
    options = database["OPTIONS"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    elif database["ENGINE"] == "django.db.backends.postgresql":
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off"


def restore_common_room(plan=None, using="default", **kwargs):
    """Put back what the migrations had put there, after a test that empties the tables (a flush has no `plan`)."""
    if plan is None:
        room = apps.get_model("posts", "Room")
        room.objects.using(using).get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})


post_migrate.connect(restore_common_room, sender=apps.get_app_config("posts"))


@pytest.fixture(autouse=True)
def stage(settings, tmp_path):
    """Give each test a media folder of its own, hashes that cost nothing, static files as they are."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # Else each test client looks at every static file that was ever collected, with its first request.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.HTTPS = False
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False


@pytest.fixture
def student(db):
    """A student: the one who acts."""
    return StudentFactory(username="sam", first_name="Sam", last_name="Okafor")


@pytest.fixture
def classmate(db):
    """A student who shares rooms with `student`."""
    return StudentFactory(username="kim", first_name="Kim", last_name="Lund")


@pytest.fixture
def outsider(db):
    """A student who is in no room but the common one."""
    return StudentFactory(username="olu")


@pytest.fixture
def teacher(db):
    """An approved teacher."""
    return TeacherFactory(username="ms.hale", first_name="Ada", last_name="Hale")


@pytest.fixture
def pending_teacher(db):
    """A teacher whom nobody approved yet."""
    return TeacherFactory(username="mr.new", approved_at=None)


@pytest.fixture
def admin(db):
    """An administrator."""
    return AdminFactory(username="head", email="head@school.example")


@pytest.fixture
def deactivated(db):
    """A student whom an administrator keeps out."""
    return StudentFactory(username="gone", is_active=False)


@pytest.fixture
def client_for(db):
    """Return a function that gives a client signed in as a person, or a visitor's for None."""

    def client_of(person):
        client = Client()
        if person is not None:
            client.force_login(person)
        return client

    return client_of


@pytest.fixture
def common_room(db):
    """The room that everybody is in."""
    from posts.models import Room

    return Room.objects.get(slug="common")
