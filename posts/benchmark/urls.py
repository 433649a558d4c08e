"""The site's addresses, and a page that does nothing but be as large as another one."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_safe

from config import urls as site

_templates = {}


def imitate(name, text):
    """Let the bare view answer `name` with `text`."""
    _templates[name] = engines["django"].from_string(f"{{% verbatim bench %}}{text}{{% endverbatim bench %}}")


@require_safe
def bare(request, name):
    """Render a template without a tag in it, for a signed-in person: what any page of this site costs at least."""
    return HttpResponse(_templates[name].render())


urlpatterns = [*site.urlpatterns, path("bare/<str:name>/", bare, name="bare")]
handler400, handler403, handler404, handler500 = site.handler400, site.handler403, site.handler404, site.handler500
