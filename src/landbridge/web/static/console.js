// Keeps the status page fresh without reloading it: what is open stays open, what has the focus keeps it.
"use strict";

// Milliseconds between two looks; ten times as long as an answer takes, where the server is slow.
const PERIOD = 2000;

function openIds(root) {
  return [...root.querySelectorAll("details[open][id]")].map((details) => details.id);
}

function replace(fresh) {
  const old = document.querySelector("[data-refresh]");
  if (!old || !fresh || old.contains(window.getSelection().focusNode) && !window.getSelection().isCollapsed) return;
  for (const id of openIds(old)) fresh.querySelector("#" + CSS.escape(id))?.setAttribute("open", "");
  const focused = document.activeElement?.closest("details[id]")?.id;
  old.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.querySelector("summary")?.focus({ preventScroll: true });
}

async function refresh() {
  const began = performance.now();
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
      // Signed out meanwhile: let the browser go where the server sends it.
      if (answer.type === "opaqueredirect") return location.reload();
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        replace(page.querySelector("[data-refresh]"));
      }
    } catch {
      // The server is away for a moment; the time on the page shows how old it is.
    }
  }
  setTimeout(refresh, Math.max(PERIOD, 10 * (performance.now() - began)));
}

setTimeout(refresh, PERIOD);
