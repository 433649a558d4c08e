"""Template context for all pages."""

from django.conf import settings


def site(request):
    """Return the school's name and the theme from the cookie. An empty theme follows the operating system."""
    theme = request.COOKIES.get("theme", "")
    return {"school_name": settings.SCHOOL_NAME, "theme": theme if theme in ("light", "dark") else ""}
