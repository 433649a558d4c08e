"""Template filters for text."""

from django import template

from accounts.text import isolate

register = template.Library()


@register.filter("isolate")
def isolate_text(value):
    """Isolate a text that users write, for places without markup, such as attributes. ASCII text is not changed."""
    text = str(value)
    return text if text.isascii() else isolate(text)
