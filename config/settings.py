"""Django settings. `.env.example` lists the ones that the environment or `.env` can change."""

import os
import re
import sys
from datetime import timedelta
from pathlib import Path

from django.contrib.messages import constants as message_levels
from django.urls import reverse_lazy

from config import environment as env
from config import headers
from config.databases import with_options

BASE_DIR = Path(__file__).resolve().parent.parent
# All files that the site writes: database, uploads and collected static files. Excluded from git.
DATA_DIR = BASE_DIR / ".data"
(DATA_DIR / "static").mkdir(parents=True, exist_ok=True)

env.read_file(BASE_DIR / ".env")

# --- Environment -----------------------------------------------------------------------------------------

# DEBUG is on by default only for `manage.py` and the tests, and only if neither setting is configured. A production
# server never starts with DEBUG or without these settings.
_is_unconfigured = not {"SECRET_KEY", "ALLOWED_HOSTS"} & os.environ.keys()
_is_command = Path(sys.argv[0]).name == "manage.py" or "pytest" in sys.modules
DEBUG = env.boolean("DEBUG", _is_unconfigured and _is_command)

SECRET_KEY = env.text("SECRET_KEY", "")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", [])
if DEBUG:
    SECRET_KEY = SECRET_KEY or "django-insecure-for-development-on-this-machine-only"
elif len(SECRET_KEY) < 32:
    env.exit_with_error("SECRET_KEY must be a random string of 32 or more characters, in the environment or .env.")
if not ALLOWED_HOSTS and not DEBUG:
    env.exit_with_error("ALLOWED_HOSTS is not set. Put the site's host names in the environment or .env, with commas.")

# Off only for a site on the developer's own machine, as in the `.env` that `make run` creates.
HTTPS = env.boolean("HTTPS", not DEBUG)
if ALLOWED_HOSTS[:1] == ["*"] and "SITE_URL" not in os.environ:
    env.exit_with_error("Set SITE_URL, because ALLOWED_HOSTS is *.")
# Links in emails start with it: the Host header of a request can be forged.
SITE_URL = env.site_url(
    "SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('*.')}" if ALLOWED_HOSTS else "http://127.0.0.1:8000"
)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS", [])
# Without this setting, the headers of a proxy are ignored, because any client could send them.
BEHIND_TLS_PROXY = env.boolean("BEHIND_TLS_PROXY", False)
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Applications ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "posts",
    "accounts.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "bootstrap",
]

MIDDLEWARE = [
    "config.middleware.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.ErrorPageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"

# --- Server and live streams -----------------------------------------------------------------------------

LIVE_PATH = "/live/"
LIVE_APPLICATION = "posts.live.asgi.application"
# Interval in seconds at which each process polls the database while live streams are open.
LIVE_POLL_SECONDS = env.number("LIVE_POLL_SECONDS", 0.1, minimum=0.01, maximum=60)
# Threads for requests in each process. Each has its own database connection. Two of them run only safe methods
# (GET, HEAD, OPTIONS), so that pages load while other requests wait for locks or password hashes.
THREADS = env.number("THREADS", 8, minimum=1, maximum=1000)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.site",
                "posts.context_processors.unread",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = not DEBUG

# --- Database and cache ----------------------------------------------------------------------------------

_database = env.database(
    "DATABASE_URL", {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "homeroom.sqlite3")}
)
# Each request thread reuses its connection. Live streams share one connection in each process.
_database["CONN_MAX_AGE"] = env.number("CONN_MAX_AGE", 60, minimum=0, maximum=86_400)
DATABASES = {"default": with_options(_database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each process has its own caches. The keys contain everything that the cached text depends on.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Used by the `cache` template tag. Fragments contain URLs of static files, so they must not survive a restart.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template_fragments",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# --- Accounts --------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.UsernameOrEmailBackend"]
LOGIN_URL = reverse_lazy("login")
LOGIN_REDIRECT_URL = reverse_lazy("home")

PASSWORD_HASHERS = [
    "accounts.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Length, common passwords and user attributes, but no composition rules: NIST SP 800-63B-4, section 3.1.1.2.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.validators.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "first_name", "last_name")},
    },
    {"NAME": "accounts.validators.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.validators.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds

# Django's database sessions, with the user's id in a separate column.
SESSION_ENGINE = "accounts.sessions"
# Maximum age of sessions that end with the browser, because browsers can restore their session cookies.
SESSION_COOKIE_AGE = 24 * 60 * 60  # seconds
REMEMBER_ME_AGE = 30 * 24 * 60 * 60  # seconds
SHARED_DEVICE_AGE = 20 * 60  # seconds without activity

# Settings, because `accounts` must not import `posts`. Modules with `export(user)` and `export_files(user)` for the
# data export, and `lock_rows(user)` and `erase(user, actor)` to close an account:
PERSONAL_DATA = ["accounts.privacy", "posts.privacy"]
ADD_TO_COMMON_ROOM = "posts.actions.add_to_common_room"  # adds new users to the common room
NOTIFY_APPROVED = "posts.actions.notify_approved"  # notifies teachers of their approval

AVATAR_MAX_BYTES = 2 * 1024 * 1024
AVATAR_MAX_PIXELS = 16_000_000
AVATAR_SIZE = 256  # pixels, each side
PICTURE_MAX_BYTES = 8 * 1024 * 1024  # in posts
PICTURE_SIZE = 1600  # pixels, the longer edge

# --- Posts -----------------------------------------------------------------------------------------------

POST_MAX_LENGTH = env.number("POST_MAX_LENGTH", 140, minimum=1, maximum=10_000)  # characters
POSTS_PER_MINUTE = env.number("POSTS_PER_MINUTE", 30, minimum=0, maximum=10_000)  # of each user; 0: no limit
ATTACHMENTS = env.boolean("ATTACHMENTS", True)  # pictures and files in posts; owners can turn them off in their rooms
POSTS_PER_PAGE = env.number("POSTS_PER_PAGE", 50, minimum=1, maximum=1000)
PEOPLE_PER_PAGE = 24
POLL_SECONDS = env.number("POLL_SECONDS", 5, minimum=1, maximum=3600)
SCHOOL_NAME = env.text("SCHOOL_NAME", "")

# --- Email -----------------------------------------------------------------------------------------------

# Requests queue emails, and `manage.py worker` sends them with OUTBOX_BACKEND.
EMAIL_BACKEND = "accounts.outbox.EmailBackend"
# Functions that return an EmailMessage, for emails that the worker renders. The queue contains only their names.
EMAIL_FUNCTIONS = {
    "password_reset": "accounts.emails.password_reset",
    "account_approved": "accounts.emails.account_approved",
}

_email = env.email("EMAIL_URL", "consolemail://")
OUTBOX_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds without a response
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", "Homeroom <homeroom@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Worker ----------------------------------------------------------------------------------------------

# {management command: interval}. `manage.py worker` runs them. They must be safe to run twice.
JOBS = {"clearsessions": timedelta(days=1), "prune": timedelta(days=1)}

# Days after which `manage.py prune` deletes rows. A removed post may be evidence in a conflict between pupils, which a
# school investigates within a term. A complaint about staff may follow in the next school year.
NOTIFICATION_DAYS = env.number("NOTIFICATION_DAYS", 90, minimum=1, maximum=36_500)  # since it was read
REMOVED_POST_DAYS = env.number("REMOVED_POST_DAYS", 90, minimum=1, maximum=36_500)  # since it was removed
AUDIT_LOG_DAYS = env.number("AUDIT_LOG_DAYS", 730, minimum=1, maximum=36_500)

# --- Language and time -----------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# Each in its own language. Translations are in `config/locale`.
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
FORMAT_MODULE_PATH = "config.formats"

# --- Files -----------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
# Names that contain a hash, which browsers cache forever. Otherwise WhiteNoise looks up each file in the manifest.
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\.[^/]+$"
MEDIA_URL = "media/"
MEDIA_ROOT = env.folder("MEDIA_ROOT", DATA_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.HashedStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
FILE_UPLOAD_PERMISSIONS = 0o640
# The URL of a room, which accepts larger request bodies than the others.
UPLOAD_PATH = re.compile(r"/rooms/(?!(?:new|join|archived)/)[-\w]+/", re.ASCII)
UPLOAD_LIMIT = 11 * 1024 * 1024  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Security --------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Browsers accept these names only over HTTPS and from this host, so another site of the domain cannot set the cookies.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = env.boolean("HSTS_PRELOAD", False)
# Of all responses, also live streams, unless a view sets its own value. The settings above add more to pages.
RESPONSE_HEADERS = headers.RESPONSE_HEADERS
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the forms of the page
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
# Preloading is hard to undo and concerns the whole domain, so it is off by default, as in Django.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- Messages and logging --------------------------------------------------------------------------------

# In the session instead of a cookie, so that messages stay on the server.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {message_levels.ERROR: "danger", message_levels.INFO: "primary", message_levels.DEBUG: "secondary"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "config.logs.OneLineFilter"}},
    "formatters": {
        "line": {
            "()": "config.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {request_id} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": env.log_level("LOG_LEVEL", "INFO"), "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
