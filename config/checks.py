"""System checks of the environment, registered on import."""

import os

from django.core.checks import Warning, register

REMOVED_SETTINGS = ("REDIS_URL", "LIVE_DIR", "WRITE_THREADS")


@register
def check_removed_settings(app_configs, **kwargs):
    """Warn about settings in the environment or `.env` that no longer have an effect."""
    found = [name for name in REMOVED_SETTINGS if name in os.environ]
    if not found:
        return []
    return [
        Warning(
            f"{', '.join(found)} in the environment or .env no longer has an effect.",
            hint="Remove it. Server processes and machines share only the database.",
            id="homeroom.W001",
        )
    ]
