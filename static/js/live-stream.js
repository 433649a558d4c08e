// One live stream for however many pages: which rooms it carries, how far each is, and when it is open at all.
// Runs in the shared worker, or in the page itself where there is none.

const LINGER = 2000; // milliseconds for which a stream stays when nobody looks: people change tabs
const SILENT = 40_000; // milliseconds: the server says something every 15 s
const PING_LOST = 70_000; // milliseconds: a page that says nothing for so long is gone
const AGAIN = 30_000; // milliseconds between attempts, at the most, while the network or the server is away
const REFUSED = 600_000; // ... while the server says no

export class LiveStream {
  constructor(url) {
    this.url = url;
    this.pages = new Map(); // what to tell a page by → { room, revision, visible, heard }
    this.source = null;
    this.cursors = new Map(); // room → revision: what the open stream carries, and how far it is
    this.isOpen = false;
    this.failures = 0;
    this.unread = null;
    setInterval(() => this.look(), 10_000);
  }

  /** A page says that it is there, what it shows, and how far it is; `tell(message)` answers it. */
  hear(tell, { room = null, revision = 0, visible = false, leaves = false }) {
    if (leaves) {
      this.pages.delete(tell);
    } else {
      const known = this.pages.get(tell);
      // What was told last may be on its way to the page still.
      const upto = known?.room === room ? Math.max(revision, known.revision) : revision;
      this.pages.set(tell, { room, revision: upto, visible, heard: Date.now() });
      if (!known) tell({ kind: "state", open: this.isOpen });
      if (!known && this.isOpen && this.unread !== null) tell({ kind: "unread", unread: this.unread });
    }
    this.arrange();
  }

  // --- When it is open, and for what ---

  wanted() {
    const rooms = new Map();
    for (const { room, revision, visible } of this.pages.values()) {
      if (visible && room !== null) rooms.set(room, Math.min(revision, rooms.get(room) ?? Infinity));
    }
    return rooms;
  }

  arrange() {
    if (![...this.pages.values()].some((page) => page.visible)) {
      this.lingering ??= setTimeout(() => this.close(), LINGER);
      return;
    }
    clearTimeout(this.lingering);
    this.lingering = null;
    const wanted = this.wanted();
    const misses = [...wanted].some(([room, revision]) => !(this.cursors.get(room) <= revision));
    if (this.source && !misses) return;
    if (this.source || !this.retrying) this.open(wanted);
  }

  open(wanted) {
    this.shut();
    this.cursors = wanted;
    const rooms = [...wanted].map(([room, revision]) => `${room}.${revision}`).join("-");
    const source = new EventSource(rooms ? `${this.url}?rooms=${rooms}` : this.url);
    this.source = source;
    this.heard = Date.now();
    const on = (kind, act) =>
      source.addEventListener(kind, (event) => {
        if (this.source !== source) return;
        this.heard = Date.now();
        act(JSON.parse(event.data));
      });
    on("hello", () => {
      this.failures = 0;
      this.say(true);
    });
    on("posts", (said) => {
      this.cursors.set(said.room, Math.max(said.revision, this.cursors.get(said.room) ?? 0));
      this.tell(said.room, { kind: "posts", ...said });
      for (const page of this.pages.values()) {
        if (page.room === said.room) page.revision = Math.max(page.revision, said.revision);
      }
    });
    on("unread", ({ unread }) => {
      this.unread = unread;
      this.tell(null, { kind: "unread", unread });
    });
    for (const kind of ["reload", "gone"]) {
      on(kind, ({ room }) => {
        this.tell(room, { kind, room });
        for (const page of this.pages.values()) if (page.room === room) page.room = null;
      });
    }
    // Signed out, or no stream on this server: the pages ask by themselves, and find out which.
    on("bye", () => this.fail(AGAIN));
    on("poll", () => this.fail(REFUSED));
    source.addEventListener("error", () => {
      if (this.source !== source) return;
      const slowest = source.readyState === EventSource.CLOSED ? REFUSED : AGAIN;
      this.fail(Math.min(1000 * 2 ** this.failures, slowest));
    });
  }

  fail(wait) {
    this.failures += 1;
    this.shut();
    this.say(false);
    // Not all browsers of a school in the same moment.
    const soon = wait * (0.5 + Math.random());
    clearTimeout(this.retrying);
    this.retrying = setTimeout(() => {
      this.retrying = null;
      this.arrange();
    }, soon);
  }

  close() {
    this.lingering = null;
    this.shut();
    this.say(false);
  }

  shut() {
    this.source?.close();
    this.source = null;
    this.cursors = new Map();
    clearTimeout(this.retrying);
    this.retrying = null;
  }

  look() {
    const now = Date.now();
    for (const [tell, page] of this.pages) if (page.visible && now - page.heard > PING_LOST) this.pages.delete(tell);
    if (this.source && now - this.heard > SILENT) this.fail(0);
    else this.arrange();
  }

  // --- What the pages hear ---

  say(open) {
    if (this.isOpen === open) return;
    this.isOpen = open;
    this.tell(null, { kind: "state", open });
  }

  tell(room, message) {
    for (const [tell, page] of this.pages) if (room === null || page.room === room) tell(message);
  }
}
