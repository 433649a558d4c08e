// Day separators, and the grouping of posts by the same author.

import { groupRows } from "./rules.js";

/** Remove repeated day separators from `list`, hide those of days without visible posts, and mark the posts that continue the previous one. */
export function updateSeparators(list) {
  const rows = [...list.children];
  groupRows(rows.map(describe)).forEach(({ isRepeated, isEmpty, continues }, index) => {
    const row = rows[index];
    if (isRepeated) row.remove();
    else if (row.dataset.day) row.hidden = isEmpty;
    else if (row.dataset.post) row.classList.toggle("is-continued", continues);
  });
}

function describe(row) {
  if (row.dataset.day) return { day: row.dataset.day };
  if (!row.dataset.post) return {};
  return {
    post: {
      author: row.dataset.author,
      time: Date.parse(row.querySelector("time")?.dateTime ?? ""),
      isReply: row.querySelector("[data-quote]") !== null,
      isRemoved: row.querySelector("[data-removed]") !== null,
      isHidden: row.hidden,
    },
  };
}
