// Updates an owner's list of members while people join. The server responds with 304 while it is unchanged.

import { pollWhileVisible } from "./polling.js";
import { get, parseFragment } from "./request.js";
import { updateNode } from "./update-node.js";

/** Connect the list of members, `list`. Return a function that disconnects it. */
export function connect(list) {
  let etag = "";

  /** Fetch the list. Resolves to false if the session has ended. */
  const update = async () => {
    let response;
    try {
      response = await get(list.dataset.url, etag && { "If-None-Match": etag });
    } catch {
      return true; // offline: try again later
    }
    if (response.redirected) return false;
    if ([403, 404].includes(response.status)) window.location.reload(); // the user is no longer an owner or a member
    if (response.status !== 200) return true;
    etag = response.headers.get("ETag");
    show(parseFragment(response.text).firstElementChild);
    return true;
  };

  const show = (wanted) => {
    const { activeElement } = document;
    updateNode(list, wanted);
    if (!activeElement.isConnected) list.querySelector("h2").focus(); // it was in a row that has been removed
  };

  const polling = pollWhileVisible(Number(list.dataset.poll), update);
  return () => polling.stop();
}

document.querySelectorAll("[data-url][data-poll][data-keyed]").forEach(connect);
