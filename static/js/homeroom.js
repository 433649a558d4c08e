// The script of every page. It connects each behaviour to the elements that have its data-* attribute.

import { connect as connectBadge } from "./badge.js";
import { connect as connectDrafts } from "./drafts.js";
import { connect as connectForms } from "./forms.js";
import { connect as connectLive } from "./live.js";
import { connect as connectMenus } from "./menus.js";
import { connectOnDemand } from "./on-demand.js";
import { connect as connectPopovers } from "./popover.js";
import { connect as connectRoomList } from "./room-list.js";

for (const connect of [connectMenus, connectForms, connectDrafts, connectPopovers]) connect(document);
connectOnDemand(document, "[data-theme-form] [type=submit]", () => import("./theme.js"));
// Few pages show such times.
if (document.querySelector("[data-relative-time]")) {
  import("./relative-time.js").then(({ connect: connectRelativeTimes }) => connectRelativeTimes(document));
}
document.querySelectorAll("[data-badge]").forEach(connectBadge);
document.querySelectorAll("[data-rooms]").forEach(connectRoomList); // after the badge, whose count it compares
// After the scripts of single pages, because a room page registers its room for the stream.
document.addEventListener("DOMContentLoaded", () => connectLive(document.body));
