// Liveness and copy buttons; every page works without this file.
"use strict";

const EVERY_MS = 2000;
const toggle = document.querySelector("[data-toggle-live]");
let live = sessionStorage.getItem("live") !== "off";

function show() {
  toggle.setAttribute("aria-pressed", String(live));
  toggle.textContent = live ? "Live" : "Paused";
}

function busy(part) {
  // What somebody reads, has opened or stands in is not pulled away.
  const selection = getSelection();
  const chosen = selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  return chosen || part.contains(document.activeElement) || part.querySelector("details[open]");
}

async function refresh() {
  if (!live || document.hidden) return;
  const answer = await fetch(location.href.split("#")[0], { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (other && !busy(part) && other.innerHTML.trim() !== part.innerHTML.trim()) {
      part.replaceWith(document.adoptNode(other));
    }
  }
}

function offerCopies() {
  for (const place of document.querySelectorAll(".copyable")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const name = place.previousElementSibling?.textContent ?? "address";
    button.setAttribute("aria-label", `Copy ${name}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.querySelector("code").textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    place.append(button);
  }
}

if (toggle && document.querySelector("[data-live]")) {
  toggle.hidden = false;
  show();
  toggle.addEventListener("click", () => {
    live = !live;
    sessionStorage.setItem("live", live ? "on" : "off");
    show();
  });
  setInterval(() => refresh().catch(() => {}), EVERY_MS);
}
offerCopies();
