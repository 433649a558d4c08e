"""Pages of the real server, each beside a fixed page of as many bytes and beside a Flask page that does the same."""

import asyncio
import os
import uuid
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection, connections

from accounts.models import Role, User
from posts.benchmark.fill import Filler
from posts.benchmark.load import CONNECTIONS, ask, drive
from posts.benchmark.server import MeasuredServer, free_port
from posts.models import Post, Room

FIRST = 10_000  # posts of the small site
PAGE = 25  # posts
WRITERS = 20
TOKEN = "c" * 32
ROUNDS = 3  # of each figure, in turn, so that what else the machine does meets all alike


def measure_pages(say, sign_in, folder, rows, seconds, workers):
    """Fill the database with `rows` posts, measure, and `say` the table line by line."""
    Filler(FIRST)
    ports = free_port(), free_port()
    env = {"POSTS_PER_PAGE": str(PAGE), "THREADS": os.environ.get("THREADS", "4")}
    start = ["-m", "uvicorn", "--no-access-log", "--log-level", "warning", "--workers", str(workers)]
    with ExitStack() as stack:
        site = MeasuredServer([*start, "--port", str(ports[0]), "posts.benchmark.site:application"], ports[0], **env)
        address = _address_for_flask()
        peer = MeasuredServer(
            [*start, "--port", str(ports[1]), "posts.benchmark.peer:application"],
            ports[1],
            PEER_DATABASE=address,
            **env,
        )
        stack.enter_context(site)
        stack.enter_context(peer)
        table = _Table(say, site, peer, sign_in, Path(folder), seconds)
        asyncio.run(table.before_growth())
        filler_again(rows)
        asyncio.run(table.pages())
        asyncio.run(table.writing())


def filler_again(rows):
    """Copy the posts until there are `rows`."""
    if rows > FIRST:
        filler = Filler.__new__(Filler)
        filler.base = filler.posts = FIRST
        filler._copies, filler._revisions = 0, dict(Room.objects.values_list("pk", "revision"))
        filler.grow_to(rows)
    connections.close_all()


class _Table:
    def __init__(self, say, site, peer, sign_in, folder, seconds):
        self.say, self.site, self.peer, self.folder, self.seconds = say, site, peer, folder, seconds
        self.room = Room.objects.get(is_common=True)
        self.person = User.objects.filter(role=Role.STUDENT, is_active=True).earliest("pk")
        self.writers = list(User.objects.filter(role=Role.STUDENT, is_active=True).order_by("pk")[1 : WRITERS + 1])
        self.cookie = f"sessionid={sign_in(self.person)}"
        self.cookies = [f"sessionid={sign_in(writer)}; csrftoken={TOKEN}" for writer in self.writers]
        self.first_page = None

    async def before_growth(self):
        self.peer_cookie = await self._enter_peer(self.person)
        self.peer_cookies = [await self._enter_peer(writer) for writer in self.writers]
        path = self.room.get_absolute_url()
        (self.first_page,) = await self._rounds((self.site, path, self.cookie))

    async def pages(self):
        path = self.room.get_absolute_url()
        unread = "/notifications/unread/"
        await self._imitate("conversation", path)
        await self._imitate("unread", unread)
        deepest, peer_deepest = await asyncio.to_thread(self._deepest)
        site, peer, mine, theirs = self.site, self.peer, self.cookie, self.peer_cookie
        loads = await self._rounds(
            (site, path, mine), (site, "/bare/conversation/", mine), (peer, path, theirs),
            (site, f"{path}?before={deepest}", mine), (peer, f"{path}?page={peer_deepest}", theirs),
            (site, unread, mine), (site, "/bare/unread/", mine), (peer, unread, theirs),
        )  # fmt: skip
        page, fixed, flask, deep, flask_deep, badge, fixed_badge, flask_badge = loads
        self.say(f"{'page':<44}{'a second':>10}{'CPU ms':>8}   against")
        self._line("conversation, 25 posts", page)
        self._line("  fixed page of as many bytes", fixed, f"{page.rate / fixed.rate:.2f} of it (aim 0.6)")
        self._line("  Flask page", flask, f"{page.rate / flask.rate:.1f} times it (aim 4)")
        self._line(f"  on a site of {FIRST:,} posts", self.first_page)
        growth = f"{deep.cpu / self.first_page.cpu:.2f} of the first page of {FIRST:,} (aim 1.1)"
        self._line("deepest page", deep, growth)
        self._line("  Flask page", flask_deep)
        self._line("unread count", badge)
        self._line("  fixed page of as many bytes", fixed_badge, f"{badge.rate / fixed_badge.rate:.2f} of it (aim 0.9)")
        self._line("  Flask page", flask_badge)

    async def writing(self):
        names = " and ".join(f"@{writer.username}" for writer in self.writers[:2])
        plain = await self._write(self.site, self.cookies, "Who has the book?")
        mentions = await self._write(self.site, self.cookies, f"Have you got it, {names}?")
        flask = await self._write(self.peer, self.peer_cookies, "Flask has the book.")
        self.say("")
        self._line("writing a plain post, 20 writers", plain, f"{plain.rate / flask.rate:.2f} of Flask's (aim 1)")
        self._line("writing a post that mentions two", mentions, "(aim 150 a second)")
        self._line("  Flask page, plain", flask)
        lost = await asyncio.to_thread(self._lost)
        self.say(f"refused {plain.bad + mentions.bad}, Flask's {flask.bad}; answered and not there: {lost}")

    async def _write(self, server, cookies, words):
        path = self.room.get_absolute_url()

        def form(cookie, number, turn):
            fields = {"body": f"{words} {number}.{turn}", "token": uuid.uuid4(), "csrfmiddlewaretoken": TOKEN}
            body = urlencode(fields).encode()
            head = f"Content-Length: {len(body)}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            return _request("POST", path, cookie, head) + body

        requests = [[partial(form, cookie, number)] for number, cookie in enumerate(cookies)]
        load = await drive(server, requests, self.seconds, wanted=(302,))
        self.answered = getattr(self, "answered", 0) + (load.answers - load.bad)
        return load

    def _lost(self):
        try:
            written = Post.objects.filter(pk__gt=self.last, body__regex=r" [0-9]+\.[0-9]+$").count()
            return self.answered - written
        finally:
            connection.close()

    def _deepest(self):
        try:
            posts = Post.objects.in_room(self.room)
            self.last = posts.order_by("-pk").values_list("pk", flat=True)[0]
            number = posts.count()
            return posts.order_by("pk").values_list("pk", flat=True)[PAGE], number // PAGE
        finally:
            connection.close()

    async def _rounds(self, *pages):
        for server, path, cookie in pages:
            await drive(server, [[_request("GET", path, cookie)]] * CONNECTIONS, 0.5)
        loads = [[] for _ in pages]
        for _ in range(ROUNDS):
            for (server, path, cookie), found in zip(pages, loads, strict=True):
                requests = [[_request("GET", path, cookie)]] * CONNECTIONS
                found.append(await drive(server, requests, self.seconds / ROUNDS))
        if any(load.bad for found in loads for load in found):
            raise RuntimeError("a page was refused")
        return [sorted(found, key=lambda load: load.rate)[len(found) // 2] for found in loads]

    async def _imitate(self, name, path):
        _status, _head, body = await ask(self.site.port, _request("GET", path, self.cookie))
        (self.folder / f"{name}.html").write_bytes(body)

    async def _enter_peer(self, person):
        _status, head, _body = await ask(self.peer.port, _request("GET", f"/enter/{person.pk}", "a=b"))
        return head_cookie(head)

    def _line(self, name, load, against=""):
        self.say(f"{name:<44}{load.rate:>10.0f}{load.cpu:>8.2f}   {against}")


def head_cookie(head):
    """Return the cookie that an answer sets."""
    place = head.lower().index(b"set-cookie: session=")
    return head[place + 12 : head.index(b";", place)].decode()


def _request(method, path, cookie, more=""):
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{more}\r\n".encode()


def _address_for_flask():
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    scheme = {"postgresql": "postgresql+psycopg", "mysql": "mysql+mysqldb"}[connection.vendor]
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return f"{scheme}://{values['USER']}{password}@{values['HOST'] or '127.0.0.1'}/{values['NAME']}"
