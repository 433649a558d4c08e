"""Pages of the real server, each beside a fixed page of as many bytes and beside a Flask page that does the same."""

import asyncio
import uuid
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection, connections

from accounts.models import Role, User
from posts.benchmark.fill import Filler
from posts.benchmark.load import CONNECTIONS, Load, ask, drive
from posts.benchmark.server import MeasuredServer, free_port
from posts.models import Post, Room

PAGE = 25  # posts
WRITERS = 20
TOKEN = "c" * 32
ROUNDS = 10  # pieces in which each figure is measured
WARM_SECONDS = 0.5


def measure_pages(say, sign_in, folder, first, rows, seconds, workers):
    """Fill the database with `first` posts and then with `rows`, measure, and `say` the table line by line."""
    filler = Filler(first)
    ports = free_port(), free_port()
    env = {"POSTS_PER_PAGE": str(PAGE)}
    start = ["-m", "uvicorn", "--no-access-log", "--log-level", "warning", "--workers", str(workers)]
    start += ["--http", "config.protocol:PromptProtocol"]  # as `serve` does
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
        table = _Table(say, site, peer, sign_in, Path(folder), first, seconds)
        asyncio.run(table.before_growth())
        filler.grow_to(max(rows, first))
        connections.close_all()
        asyncio.run(table.pages())
        asyncio.run(table.writing())


class _Table:
    def __init__(self, say, site, peer, sign_in, folder, first, seconds):
        self.say, self.site, self.peer, self.folder = say, site, peer, folder
        self.first, self.seconds = first, seconds
        self.room = Room.objects.get(is_common=True)
        self.person = User.objects.filter(role=Role.STUDENT, is_active=True).earliest("pk")
        self.writers = list(User.objects.filter(role=Role.STUDENT, is_active=True).order_by("pk")[1 : WRITERS + 1])
        self.cookie = f"sessionid={sign_in(self.person)}; csrftoken={TOKEN}"
        self.cookies = [f"sessionid={sign_in(writer)}; csrftoken={TOKEN}" for writer in self.writers]
        self.answered = self.refused = 0

    async def before_growth(self):
        self.peer_cookie = await self._enter_peer(self.person)
        self.peer_cookies = [await self._enter_peer(writer) for writer in self.writers]
        path = self.room.get_absolute_url()
        await self._imitate("conversation", path)
        self.first_page, self.first_fixed = await self._read(
            (self.site, path, self.cookie), (self.site, "/bare/conversation/", self.cookie)
        )

    async def pages(self):
        path = self.room.get_absolute_url()
        unread = "/notifications/unread/"
        await self._imitate("unread", unread)
        deepest, peer_deepest = await asyncio.to_thread(self._deepest)
        site, peer, mine, theirs = self.site, self.peer, self.cookie, self.peer_cookie
        loads = await self._read(
            (site, path, mine), (site, "/bare/conversation/", mine), (peer, path, theirs),
            (site, f"{path}?before={deepest}", mine), (peer, f"{path}?page={peer_deepest}", theirs),
            (site, unread, mine), (site, "/bare/unread/", mine), (peer, unread, theirs),
        )  # fmt: skip
        page, fixed, flask, deep, flask_deep, badge, fixed_badge, flask_badge = loads
        self.say(f"{'page':<44}{'a second':>10}{'CPU ms':>8}   against, in requests a second (in CPU)")
        self._line("conversation, 25 posts", page)
        self._line("  fixed page of as many bytes", fixed, _share(page, fixed, 0.6))
        self._line("  Flask page", flask, _times(page, flask, 4))
        self._line(f"  on a site of {self.first:,} posts", self.first_page)
        # Measured at two times: each to the fixed page of its time, so that the machine's mood is none of it.
        growth = (deep.cpu / fixed.cpu) / (self.first_page.cpu / self.first_fixed.cpu)
        self._line("deepest page", deep, f"{growth:.2f} times the CPU of the first page of {self.first:,} (aim 1.1)")
        self._line("  Flask page", flask_deep, _times(deep, flask_deep))
        self._line("unread count", badge)
        self._line("  fixed page of as many bytes", fixed_badge, _share(badge, fixed_badge, 0.9))
        self._line("  Flask page", flask_badge, _times(badge, flask_badge))

    async def writing(self):
        names = " and ".join(f"@{writer.username}" for writer in self.writers[:2])
        plain, mentions, flask = await self._in_turn(
            self._writing(self.site, self.cookies, "Who has the book?"),
            self._writing(self.site, self.cookies, f"Have you got it, {names}?"),
            self._writing(self.peer, self.peer_cookies, "Flask has the book."),
        )
        self.say("")
        self._line("writing a plain post, 20 writers", plain)
        self._line("  Flask page", flask, _times(plain, flask, 1))
        self._line("writing a post that mentions two", mentions, "(aim 150 a second)")
        lost = await asyncio.to_thread(self._lost)
        self.say(f"refused {self.refused}; answered and not there: {lost}")

    def _writing(self, server, cookies, words):
        """Return what writes for some seconds: `words` with a number behind them that never comes again."""
        path, numbers = self.room.get_absolute_url(), count()

        def form(cookie, turn):
            fields = {"body": f"{words} {next(numbers)}", "token": uuid.uuid4(), "csrfmiddlewaretoken": TOKEN}
            body = urlencode(fields).encode()
            head = f"Content-Length: {len(body)}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            return _request("POST", path, cookie, head) + body

        requests = [[partial(form, cookie)] for cookie in cookies]

        async def write(seconds):
            load = await drive(server, requests, seconds, wanted=(302,))
            self.answered += load.answers - load.bad
            self.refused += load.bad
            return load

        return write

    def _lost(self):
        try:
            return self.answered - Post.objects.filter(pk__gt=self.last).count()
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

    async def _read(self, *pages):
        loads = await self._in_turn(
            *(partial(drive, server, [[_request("GET", path, cookie)]] * CONNECTIONS) for server, path, cookie in pages)
        )
        if any(load.bad for load in loads):
            raise RuntimeError("a page was refused")
        return loads

    async def _in_turn(self, *drives):
        """Return the Load of each of `drives`, for `seconds` in all, a piece of each after a piece of the others.

        What else the machine does meets all of them alike that way.
        """
        for begin in drives:
            await begin(min(WARM_SECONDS, self.seconds))
        loads = [[] for _ in drives]
        for turn in range(ROUNDS):
            for place in range(len(drives))[:: -1 if turn % 2 else 1]:
                loads[place].append(await drives[place](self.seconds / ROUNDS))
        return [Load.of(pieces) for pieces in loads]

    async def _imitate(self, name, path):
        _status, _head, body = await ask(self.site.port, _request("GET", path, self.cookie))
        (self.folder / f"{name}.html").write_bytes(body)

    async def _enter_peer(self, person):
        _status, head, _body = await ask(self.peer.port, _request("GET", f"/enter/{person.pk}", "a=b"))
        return head_cookie(head)

    def _line(self, name, load, against=""):
        self.say(f"{name:<44}{load.rate:>10.0f}{load.cpu:>8.2f}   {against}")


def _share(load, fixed, aim):
    return f"{load.rate / fixed.rate:.2f} of it ({fixed.cpu / load.cpu:.2f}; aim {aim})"


def _times(load, peer, aim=None):
    wanted = f"; aim {aim}" if aim else ""
    return f"{load.rate / peer.rate:.1f} times it ({peer.cpu / load.cpu:.1f}{wanted})"


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
