"""ES modules in templates."""

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django import template
from django.conf import settings

# Not `import(…)`, which loads a module when it is needed.
IMPORT = re.compile(r'^import [^;]*?"(\.[^"]+)";', re.MULTILINE)

register = template.Library()


@register.simple_tag
@cache
def imported_modules(*scripts):
    """Return the static paths of the modules that `scripts` import, directly or through others, nearest first."""
    found = list(scripts)
    for script in found:  # grows meanwhile
        text = Path(settings.BASE_DIR, "static", script).read_text()
        paths = (normpath(join(dirname(script), path)) for path in IMPORT.findall(text))
        found += [path for path in dict.fromkeys(paths) if path not in found]
    return found[len(scripts) :]
