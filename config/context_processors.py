"""Template context for all pages."""

from django.conf import settings

# {cookie: values}, the default first. The page of the account and the menu change them.
APPEARANCE = {
    "theme": ("system", "light", "dark"),
    "text_size": ("100", "115", "130"),  # percent
    "spacing": ("normal", "wide"),
}


def site(request):
    """Return the school's name and the values of APPEARANCE from the cookies, "" for the default."""
    context = {"school_name": settings.SCHOOL_NAME}
    for name, (_default, *others) in APPEARANCE.items():
        value = request.COOKIES.get(name, "")
        context[name] = value if value in others else ""
    return context
