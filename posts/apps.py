from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostsConfig(AppConfig):
    name = "posts"
    verbose_name = _("Rooms and posts")

    def ready(self):
        # Registers the system checks of the whole site, because `config` is not an app.
        import config.checks  # noqa: F401
