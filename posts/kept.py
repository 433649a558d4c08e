"""Whole pages, kept by this process with places left for what differs each time.

Three quarters of the time that a conversation takes go into the frame around its posts, which says the same to the
same person at every visit.
"""

import re
import secrets

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import get_language

KEPT_FRAMES = 1024


class KeptPage:
    """A template, and the names of those `places` in its context that are filled in at every request.

    A place may stand in text and attributes only: the template does not decide anything by it, but by whether its
    value is None.
    """

    def __init__(self, template, *places):
        self.template = template
        # Nothing that anybody writes can hold these.
        self.stand_ins = {name: f"place-{secrets.token_hex(12)}-{name}" for name in places}
        self.pattern = re.compile(f"({'|'.join(self.stand_ins.values())})")
        self.frames = {}

    def render(self, request, key, context, values):
        """Answer `request` with the template: `values` for its places, `context` for all else.

        Two requests with the same `key` and language get the same but for the places: whatever the template shows
        or decides by has to be in it.
        """
        missing = {name: None for name, value in values.items() if value is None}
        key = (*key, *missing, get_language())
        pieces = self.frames.get(key)
        if pieces is None:
            html = render_to_string(self.template, context | self.stand_ins | missing, request)
            names = {stand_in: name for name, stand_in in self.stand_ins.items()}
            pieces = [names.get(piece, piece) for piece in self.pattern.split(html)]
            if len(self.frames) >= KEPT_FRAMES:
                self.frames.clear()
            self.frames[key] = pieces
        filled = pieces.copy()
        # Every second piece is a place.
        filled[1::2] = [conditional_escape(values[name]) for name in pieces[1::2]]
        return HttpResponse("".join(filled))
