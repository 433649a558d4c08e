// The script of every page. It connects each behaviour to the elements that have its data-* attribute.

import { connect as connectBadge } from "./badge.js";
import { connect as connectDrafts } from "./drafts.js";
import { connect as connectForms } from "./forms.js";
import { connect as connectLive } from "./live.js";
import { connect as connectMenus } from "./menus.js";
import { connect as connectNotifications } from "./notifications.js";
import { connect as connectPopovers } from "./popover.js";
import { connect as connectRelativeTimes } from "./relative-time.js";
import { connect as connectTheme } from "./theme.js";

for (const connect of [
  connectMenus,
  connectForms,
  connectDrafts,
  connectTheme,
  connectNotifications,
  connectPopovers,
  connectRelativeTimes,
]) {
  connect(document);
}
document.querySelectorAll("[data-badge]").forEach(connectBadge);
// After the scripts of single pages, because a room page registers its room for the stream.
document.addEventListener("DOMContentLoaded", () => connectLive(document.body));
