// LinkedIn's window tells what was requested, one level at a time. All of it is kept in the form of Finish, and passed
// on at once, so that nothing is lost when the page is closed too early.
"use strict";

window.landbridgeRequested = async function (told) {
  const field = document.getElementById("requested");
  const known = field.value ? JSON.parse(field.value) : [];
  const key = (one) => one.integrationContext + " " + one.integrationType;
  const all = new Map([...known, ...(Array.isArray(told) ? told : [told])].map((one) => [key(one), one]));
  field.value = JSON.stringify([...all.values()]);

  const progress = document.getElementById("progress");
  const form = document.getElementById("finish-form");
  progress.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(progress.dataset.told, { method: "POST", body: new FormData(form) });
    if (answer.ok && !answer.redirected) progress.innerHTML = await answer.text();
  } catch {
    // Finish passes it on again.
  }
  progress.removeAttribute("aria-busy");
};
