"""What an address may hold."""


class UsernameConverter:
    """A username in any case. The names of closed accounts fit too, and lead nowhere."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value
