// What is unread: notifications, posts in other rooms, and posts in the room on screen. Other scripts report what happens,
// and read the result after each change.

const MAX = 100; // pages show "99+"

/** Return `number` as pages show it. */
export const countText = (number) => (number < MAX ? String(number) : "99+");

/** Create the state of a page for the user with the id `me`. */
export function createUnread(me) {
  const listeners = new Set();
  const rooms = new Map(); // by id: { newest (the id of a post), unread, mentions }
  const screen = { room: 0, isMember: false, seen: 0, marked: 0, hasGap: false, isPaused: false };
  let notifications = 0;

  const changed = () => listeners.forEach((listener) => listener());
  const onScreen = () => rooms.get(screen.room) ?? { newest: 0, unread: 0, mentions: 0 };
  /** Count fewer posts in the room on screen. Of 99+, the number that remains is not known. */
  const subtract = (number) => {
    const room = onScreen();
    if (room.unread < MAX) room.unread = Math.min(Math.max(room.unread - number, 0), MAX);
  };

  const state = {
    /** Call `listener()` after each change, until `signal` aborts. */
    onChange(listener, signal) {
      listeners.add(listener);
      signal?.addEventListener("abort", () => listeners.delete(listener));
    },

    notifications: () => notifications,
    setNotifications(number) {
      notifications = number;
      changed();
    },

    room: (id) => rooms.get(id),
    /** Return the ids of the rooms that have unread posts or mentions. */
    unreadRooms: () => [...rooms.keys()].filter((id) => rooms.get(id).unread + rooms.get(id).mentions > 0),
    hasOtherUnread: () => state.unreadRooms().some((id) => id !== screen.room),

    /** Return the id of the newest post of all rooms. */
    newest: () => Math.max(0, ...[...rooms.values()].map(({ newest }) => newest)),

    /** Set what the server knows about `entries`, each { id, newest, unread, mentions }, except about the room on screen. */
    setRooms(entries) {
      for (const id of rooms.keys()) if (id !== screen.room) rooms.delete(id);
      for (const { id, ...room } of entries) {
        if (id !== screen.room) rooms.set(id, room);
      }
      changed();
    },

    /** Count the new `post` (its id) of a room. Own posts and known ones do not count. */
    addPost({ room, post, author }) {
      const entry = rooms.get(room);
      if (!entry || post <= entry.newest) return;
      entry.newest = post;
      if (author !== me) entry.unread = Math.min(entry.unread + 1, MAX);
      changed();
    },

    /** A `post` by another user in the room on screen has been removed. */
    removePost(post) {
      if (post > screen.seen) subtract(1);
      changed();
    },

    /**
     * Show a room with `unread` and `mentions`. Its user has read the posts up to `lastRead`, null for a user who is not a
     * member. `hasGap` is whether there are unread posts before those of the page.
     */
    openRoom(id, { lastRead, hasGap, newest, ...counts }) {
      // With a mention in a post that has been read, the room is marked again.
      const marked = counts.mentions > 0 ? 0 : lastRead;
      Object.assign(screen, { room: id, isMember: lastRead !== null, seen: lastRead ?? 0, marked, hasGap });
      rooms.set(id, { newest, ...counts });
      changed();
    },

    /** The posts up to `upto` have been on screen. `others` are the ids of posts by other users. */
    see(upto, others) {
      if (screen.hasGap || screen.isPaused || upto <= screen.seen) return;
      subtract(others.filter((id) => id > screen.seen && id <= upto).length);
      screen.seen = upto;
      changed();
    },

    /** The newest post, `upto`, is on screen, or the user wants it to count as read (`isForced`), as the posts before it do. */
    seeEnd(upto, { isForced = false } = {}) {
      if (screen.isPaused && !isForced) return;
      const entry = onScreen();
      const isNew = upto > screen.seen || entry.unread + entry.mentions > 0;
      Object.assign(screen, { isPaused: false, hasGap: false, seen: Math.max(upto, screen.seen) });
      Object.assign(entry, { unread: 0, mentions: 0 });
      if (isNew) changed();
    },

    /** The user has marked the posts from `first` on as unread. Until `seeEnd` is forced, the page marks nothing as read. */
    markUnread(first, others) {
      screen.isPaused = true;
      subtract(-others.filter((id) => id >= first && id <= screen.seen).length);
      changed();
    },

    unseen: () => onScreen().unread, // posts in the room on screen
    /** Return the id of the post up to which the room on screen is to be marked as read, or 0. */
    toMark: () => (screen.isMember && !screen.isPaused && screen.seen > screen.marked ? screen.seen : 0),

    /** The room on screen is marked as read up to `upto`. Return the post up to which it was before. */
    setMarked(upto) {
      const before = screen.marked;
      screen.marked = upto;
      return before;
    },
  };
  return state;
}

export const unread = createUnread(globalThis.document ? Number(document.body.dataset.me) : 0);
