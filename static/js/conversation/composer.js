// Sends posts without reloading the page. The text leaves the field when it is submitted, and returns if it is refused.

import { loadDraft, saveDraft } from "../drafts.js";
import { createMentionCheck } from "../mentions.js";
import { createAttachment } from "./attachment.js";
import { connect as connectField } from "./field.js";
import { createOutbox } from "./outbox.js";
import { isSendKey } from "./rules.js";
import { connect as connectReply, createToken, mergeUnsent, readPost, selectedReply, showPost } from "./unsent-post.js";

/**
 * Connect the composer `form`. `pending` shows posts until `list` shows them, `onSubmit()` is called when a post is submitted,
 * and `onPosted(fragment)` when it is sent. Return a function that disconnects it.
 */
export function connect(form, { pending, list, onSubmit, onPosted }) {
  const controller = new AbortController();
  const { signal } = controller;
  const find = (name) => form.querySelector(`[data-${name}]`);
  const field = form.querySelector("textarea");
  let isChecking = false;

  const showErrors = (children) => {
    find("errors").replaceChildren(...children);
    field.setAttribute("aria-invalid", String(children.length > 0));
  };

  /** Save what the user would lose if the page were closed now. */
  const save = () => {
    const unsent = mergeUnsent([...outbox.posts, readPost(form)]);
    saveDraft(form, unsent.body || unsent.reply ? unsent : null);
  };

  /** Return all posts that are not sent to the field. */
  const takeBack = () => {
    const unsent = outbox.takeAll();
    for (const { fields } of unsent) attachment.show(fields);
    showPost(form, mergeUnsent([...unsent, readPost(form)]));
  };

  const refuse = (outcome, fragment) => {
    if (fragment.querySelector("[data-reply-to][value='']")) outbox.posts[0].reply = null; // the post has been deleted
    takeBack();
    if (outcome === "signed out") window.location.assign(window.location.pathname); // to the sign-in page, and back
    else if (outcome === "missing") form.submit(); // the full page explains it and shows the text
    else showErrors(fragment.querySelectorAll("[data-errors] p"));
  };

  const submit = async () => {
    if (isChecking || !attachment.canSend(field.value.trim())) return; // such as the second click of a double click
    if (check.isNeeded()) {
      isChecking = true;
      const mustRead = await check.run();
      isChecking = false;
      if (mustRead || signal.aborted) return;
    }
    outbox.push({ ...readPost(form), fields: attachment.read() });
    attachment.clear();
    showPost(form, { body: "", token: createToken(), reply: null });
    showErrors([]);
    field.focus();
    onSubmit();
  };

  /** Load the suggestions when the user types the first @. */
  const suggest = async () => {
    if (!field.value.includes("@")) return;
    form.removeEventListener("input", suggest);
    const suggestions = await import("../suggestions.js").catch(() => null);
    if (!suggestions || signal.aborted) return;
    disconnectParts.push(suggestions.connect(field, find("people")));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const onKeydown = (event) => {
    // On a touch keyboard, which has no Shift+Enter, Enter starts a new line.
    if (!isSendKey(event) || window.matchMedia("(hover: none)").matches) return;
    event.preventDefault();
    form.querySelector("[type=submit]").click(); // `requestSubmit` does not exist in Safari 15
  };

  const outbox = createOutbox(form, {
    element: pending,
    list,
    signal,
    onPosted(fragment) {
      save();
      onPosted(fragment);
    },
    onRefused: refuse,
    onEdit() {
      takeBack();
      field.focus();
    },
  });
  const attachment = createAttachment(form, { onError: (text) => showErrors([createParagraph(text)]), signal });
  const check = createMentionCheck(field, find("unknown"), signal);
  const disconnectParts = [connectReply(form), connectField(form)];
  form.addEventListener("input", save, { signal });
  form.addEventListener("input", suggest, { signal });
  form.addEventListener("submit", (event) => event.preventDefault() ?? submit(), { signal });
  field.addEventListener("keydown", onKeydown, { signal });

  const draft = loadDraft(form);
  // After an error, the server fills in the field. It also selects the reply in the address.
  if (draft && !field.value) showPost(form, { ...draft, reply: selectedReply(form) ?? draft.reply });
  else save();
  const hasPointer = window.matchMedia("(hover: hover)").matches; // a touch keyboard would cover the posts
  if (hasPointer && document.activeElement === document.body) field.focus({ preventScroll: true });
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
