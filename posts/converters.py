"""Path converters."""


class UsernameConverter:
    """A username in upper or lower case. It also matches the names of closed accounts, for which views return 404."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value
