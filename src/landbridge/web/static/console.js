// Six small comforts; every page works without them.
"use strict";

// 1. The reader's time zone, for the server to write times in.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes("landbridge-zone=" + zone)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = "landbridge-zone=" + zone + "; Path=/; SameSite=Lax; Max-Age=31536000" + secure;
}

// 2. A part that renews itself ([data-live]) keeps what is open and what has the focus, and waits while text in it is
//    selected or the page is not looked at.
function busy(part) {
  const selection = window.getSelection();
  return document.hidden || (!selection.isCollapsed && part.contains(selection.focusNode));
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-live]") && event.target === event.detail.elt && busy(event.target)) {
    event.preventDefault();
  }
});

let kept = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (!part?.matches?.("[data-live]")) return;
  const focused = document.activeElement;
  kept = {
    open: [...part.querySelectorAll("details[open][id]")].map((one) => one.id),
    focus: part.contains(focused) ? focused.closest("[id]")?.id : null,
    summary: focused?.matches?.("summary"),
  };
});

document.addEventListener("htmx:afterSettle", () => {
  if (!kept) return;
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  const found = kept.focus && document.getElementById(kept.focus);
  (kept.summary ? found?.querySelector("summary") : found)?.focus({ preventScroll: true });
  kept = null;
});

// 3. A form that was sent once is not sent twice by a double click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// 4. Where the navigation is a row that scrolls, the page's own entry is in sight.
function bringIntoSight() {
  const entry = document.querySelector(".side [aria-current]");
  const row = entry?.closest(".side");
  if (row) row.scrollLeft = entry.offsetLeft - (row.clientWidth - entry.offsetWidth) / 2;
}
bringIntoSight();
window.addEventListener("resize", bringIntoSight);

// 5. What was refused has the focus: the first field that is wrong, else what the page says about it.
const wrong = document.querySelector('main [aria-invalid="true"]') ?? document.querySelector('main [role="alert"]:not([hidden])');
if (wrong?.matches("[aria-invalid]") || (wrong && !document.querySelector("main [autofocus]"))) {
  wrong.closest("details")?.setAttribute("open", "");
  if (wrong.matches('[role="alert"]')) wrong.tabIndex = -1;
  wrong.focus();
}

// 6. What was typed into a search before this page's scripts were there is looked for as soon as they are.
document.addEventListener("htmx:load", () => {
  for (const field of document.querySelectorAll('input[type="search"][hx-get]')) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("search"));
  }
}, { once: true });
