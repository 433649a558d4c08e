"""What every page may show of the site itself."""

from django.conf import settings


def site(request):
    """Give the school's name and the look that this browser chose ("" follows the system)."""
    theme = request.COOKIES.get("theme", "")
    return {"school_name": settings.SCHOOL_NAME, "theme": theme if theme in ("light", "dark") else ""}
