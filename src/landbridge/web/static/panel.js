// Times as the reader's clock has them, the height of the panel told to the page around it, and LinkedIn's widget as
// wide as there is room.
"use strict";

const written = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time")) time.textContent = written.format(new Date(time.dateTime));

const place = document.querySelector(".widget");
if (place) place.firstElementChild.dataset.width = String(Math.min(800, place.clientWidth));

// The height is no secret, and only pages that the workspace has named get to frame this one.
new ResizeObserver(() => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (parent !== window) parent.postMessage({ type: "landbridge:height", height }, "*");
}).observe(document.body);

window.landbridgeLinked = async function () {
  const answer = await fetch(document.body.dataset.linked, { method: "POST" });
  document.getElementById("linked").hidden = !answer.ok;
};
