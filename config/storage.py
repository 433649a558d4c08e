"""How static files are stored for serving."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Files under names that carry their content's hash, cached for ever, the imports between modules included."""

    support_js_module_import_aggregation = True
