"""Storage of static files."""

import logging

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

logger = logging.getLogger(__name__)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files with content hashes in their names, also in the imports of ES modules. Cached forever.

    A file that has not been collected does not prevent the page: its URL then contains no hash.
    """

    support_js_module_import_aggregation = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._urls = {}

    def url(self, name, force=False):
        """Return the URL of a file. Results are cached: the manifest does not change while the process runs."""
        if settings.DEBUG or force:
            return super().url(name, force)
        if name not in self._urls:
            try:
                self._urls[name] = super().url(name)
            except ValueError:  # the manifest does not contain it
                logger.error("The static file %s has not been collected. Run collectstatic.", name)
                self._urls[name] = StaticFilesStorage.url(self, name)
        return self._urls[name]
