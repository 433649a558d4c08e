// Sends posts without reloading the page. The text leaves the field when it is submitted, and returns if it is not sent.

import { loadDraft, saveDraft } from "../drafts.js";
import { parseFragment, post } from "../request.js";
import { connect as connectCounter } from "./counter.js";
import { connect as connectFieldHeight } from "./field-height.js";
import { connect as connectReply, selectedReply } from "./reply.js";
import { isSendKey, outcomeOf } from "./rules.js";
import { createToken, mergeUnsent, readPost, showPost } from "./unsent-post.js";

/**
 * Connect the composer `form`. `onSubmit()` is called when a post is submitted, and `onPosted(fragment)` when it is sent.
 * Return a function that disconnects it.
 */
export function connect(form, { texts, onSubmit, onPosted }) {
  const controller = new AbortController();
  const { signal } = controller;
  const field = form.querySelector("textarea");
  const errors = form.querySelector("[data-errors]");
  const outbox = []; // submitted posts in order, each { body, token, reply, fields }

  const showErrors = (children) => {
    errors.replaceChildren(...children);
    field.setAttribute("aria-invalid", String(children.length > 0));
  };

  /** Save what the user would lose if the page were closed now. */
  const save = () => {
    const unsent = mergeUnsent([...outbox, readPost(form)]);
    saveDraft(form, unsent.body || unsent.reply ? unsent : null);
  };

  const send = async () => {
    form.setAttribute("aria-busy", "true");
    try {
      while (outbox.length > 0) {
        const { outcome, html } = await deliver(outbox[0].fields);
        if (outcome !== "posted") return fail(outcome, html);
        outbox.shift();
        save();
        onPosted(parseFragment(html));
      }
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  const deliver = async (fields) => {
    try {
      const response = await post(form.action, fields);
      return { outcome: outcomeOf(response), html: await response.text() };
    } catch {
      return { outcome: "unsent", html: "" };
    }
  };

  const fail = (outcome, html) => {
    const fragment = parseFragment(outcome === "refused" ? html : "");
    if (fragment.querySelector("[data-reply-to][value='']")) outbox[0].reply = null; // the post has been deleted
    showPost(form, mergeUnsent([...outbox.splice(0), readPost(form)]));
    const reasons = fragment.querySelectorAll("[data-errors] p");
    if (outcome === "signed out") window.location.assign(window.location.pathname); // to the sign-in page, and back
    else if (outcome === "missing") form.submit(); // the full page explains it and shows the text
    else if (reasons.length > 0) showErrors(reasons);
    else showErrors([createParagraph(texts.unsent)]);
  };

  form.addEventListener("input", save, { signal });
  form.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      if (!field.value.trim()) return; // such as the second click of a double click
      outbox.push({ ...readPost(form), fields: new FormData(form) });
      showPost(form, { body: "", token: createToken(), reply: null });
      showErrors([]);
      field.focus();
      onSubmit();
      if (!form.hasAttribute("aria-busy")) send();
    },
    { signal },
  );
  field.addEventListener(
    "keydown",
    (event) => {
      // On a touch keyboard, which has no Shift+Enter, Enter starts a new line.
      if (!isSendKey(event) || window.matchMedia("(hover: none)").matches) return;
      event.preventDefault();
      form.querySelector("[type=submit]").click(); // `requestSubmit` does not exist in Safari 15
    },
    { signal },
  );

  const disconnectParts = [connectReply(form), connectCounter(form), connectFieldHeight(field)];
  const draft = loadDraft(form);
  // After an error, the server fills in the field. It also selects the reply in the address.
  if (draft && !field.value) showPost(form, { ...draft, reply: selectedReply(form) ?? draft.reply });
  else save();
  return () => {
    controller.abort();
    disconnectParts.forEach((disconnect) => disconnect());
  };
}

function createParagraph(text) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}
