// Buttons that use a passkey: of use once what answers them is there, and what went wrong is told.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button[data-passkey]")) button.disabled = false;
});

document.addEventListener("allauth.error", (event) => {
  const told = document.getElementById("passkey-problem");
  if (!told) return;
  event.preventDefault();
  told.hidden = false;
  told.tabIndex = -1;
  told.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("button[data-passkey]")) document.getElementById("passkey-problem")?.setAttribute("hidden", "");
});
