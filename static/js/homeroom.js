// The one script of every page: each module finds its own [data-…] hooks, and does nothing where there are none.

import { startBadge } from "./badge.js";
import { startConversation } from "./conversation.js";
import { startForms } from "./forms.js";
import { startLive } from "./live.js";
import { startMenus } from "./menus.js";
import { startPopovers } from "./popover.js";
import { startRelativeTimes } from "./relative-time.js";

startMenus();
startForms();
startBadge();
startPopovers();
startRelativeTimes();
startConversation();
startLive();
