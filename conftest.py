"""Settings and users for all tests."""

import gc
import shutil
import signal

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.test import Client, override_settings
from django.utils import translation

from accounts.tests.factories import AdminFactory, StudentFactory, TeacherFactory
from accounts.tests.sessions import create_session

SETTINGS = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "OUTBOX_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    # Otherwise each test client scans all collected static files when it sends its first request.
    "WHITENOISE_AUTOREFRESH": True,
    "HTTPS": False,
    "SECURE_SSL_REDIRECT": False,
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
    "COOKIE_PREFIX": "",
    "SESSION_COOKIE_NAME": "sessionid",
    "CSRF_COOKIE_NAME": "csrftoken",
    "POSTS_PER_MINUTE": 0,  # many tests write more
}

pytest_plugins = ["posts.tests.browser", "posts.tests.live"]


def pytest_configure():
    """Use the settings that all tests share, among them fast password hashes and no synchronous commits.

    They are set once, because each override of a setting clears Django's cache of settings. Test data does not have
    to survive a power failure. Hypothesis has no time limit, because the machine can be slow for a moment, and tests
    of time limits measure CPU time.

    A shell ignores SIGINT for commands that it runs in the background, and servers that tests start would inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    hypothesis.settings.register_profile("no deadline", deadline=None)
    hypothesis.settings.load_profile("no deadline")
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    database = settings.DATABASES["default"]
    options = database["OPTIONS"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    elif database["ENGINE"] == "django.db.backends.postgresql":
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off"


def pytest_collection_finish():
    """Search for unused objects less often, and not among the tests, which would take a tenth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_itemcollected(item):
    """Add the guarantees that a test verifies to its reports, together with the figures that it measures."""
    item.user_properties += [("guarantee", marker.args[0]) for marker in item.iter_markers("guarantee")]


def pytest_terminal_summary(terminalreporter):
    """Print the figures of the guarantees in GUARANTEES.md that tests have measured."""
    lines = set()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            keys = [value for name, value in report.user_properties if name == "guarantee"]
            figures = [value for name, value in report.user_properties if name == "figure"]
            test = report.nodeid.rpartition("::")[2]
            lines |= {f"{key}: {figure} ({test}, {outcome})" for key in keys for figure in figures}
    if lines:
        terminalreporter.section("figures of guarantees")
        terminalreporter.write_line("\n".join(sorted(lines)))


def restore_common_room(plan=None, using="default", **kwargs):
    """Create the common room again after a test that flushes the tables. A flush has no `plan`."""
    if plan is None:
        room = apps.get_model("posts", "Room")
        room.objects.using(using).get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})


post_migrate.connect(restore_common_room, sender=apps.get_app_config("posts"))


@pytest.fixture(scope="session")
def media_root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.fixture(autouse=True)
def clean_process(media_root):
    """Use the default language, and delete uploaded files. A folder for each test would take longer."""
    translation.deactivate()
    yield
    for folder in media_root.iterdir():
        shutil.rmtree(folder)


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
            client.cookies[settings.SESSION_COOKIE_NAME] = create_session(user)
        return client

    return create_client


@pytest.fixture
def common_room(db):
    """The room that all users are members of."""
    from posts.models import Room

    return Room.objects.get(slug="common")
