/* Inside a widget's frame. `data-origin` of <main> is the page around it, `data-calls` what it has to be told. */
(function () {
  "use strict";
  const main = document.querySelector("main");
  const EVERY_MS = 500;
  const tell = (message) => parent === window || parent.postMessage(message, main.dataset.origin);

  tell({ calls: JSON.parse(main.dataset.calls) });
  new ResizeObserver(() => tell({ height: Math.ceil(document.documentElement.offsetHeight) })).observe(document.documentElement);

  // Signing in happens in a window of its own, which tells when it is done.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-window]");
    if (!link) return;
    event.preventDefault();
    open(link.href, "sandbox-sign-in", "popup,width=560,height=720");
  });
  addEventListener("message", (event) => {
    if (event.origin === location.origin && event.data === "signed in") location.replace(main.dataset.address);
  });

  // What waits for the ATS shows by itself that the ATS has done its part.
  async function look() {
    if (!document.querySelector("[data-waits]")) return;
    try {
      const answer = await fetch(main.dataset.address, { cache: "no-store" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      if (fresh.querySelector("[data-stand]") && stands(fresh) !== stands(main)) main.replaceChildren(...fresh.children);
    } finally {
      setTimeout(look, EVERY_MS);
    }
  }
  const stands = (place) => [...place.querySelectorAll("[data-stand]")].map((row) => row.dataset.stand).join();
  setTimeout(look, EVERY_MS);
})();
