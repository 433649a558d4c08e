"""Template filters for text and names."""

from django import template
from django.utils.translation import gettext

from accounts.models import Role
from accounts.text import isolate

register = template.Library()


@register.filter("isolate")
def isolate_text(value):
    """Isolate a text that users write, for places without markup, such as attributes. ASCII text is not changed."""
    text = str(value)
    return text if text.isascii() else isolate(text)


@register.filter
def display_name(user):
    """Return the full name of `user` or their username; for a closed account, the former role."""
    if not user.is_closed:
        return user.full_name or user.username
    if user.role == Role.TEACHER:
        return gettext("a former teacher")
    return gettext("a former administrator") if user.role == Role.ADMIN else gettext("a former student")
