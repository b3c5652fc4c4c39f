/* The loader of widgets. Settings stand in the text of its own script element, one per line: "api_key: ...",
   "extensions: Name@address". Elements of type "IN/Name" become frames once the extension of that name is there. */
(function () {
  "use strict";
  const own = document.currentScript;
  const settings = read(own.textContent);
  const extensions = new Map();
  const done = new WeakSet();

  function read(text) {
    const found = {};
    for (const line of text.split("\n")) {
      const colon = line.indexOf(":");
      if (colon > 0) found[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
    }
    return found;
  }

  function complain(problem) {
    console.error("Widgets (sandbox): " + problem);
  }

  function load(extension) {
    const [name, address] = [extension.slice(0, extension.indexOf("@")), extension.slice(extension.indexOf("@") + 1)];
    const url = new URL(address, own.src);
    url.searchParams.set("api_key", settings.api_key);
    const script = document.createElement("script");
    // So that the browser tells which page this is.
    script.crossOrigin = "anonymous";
    script.src = url.href;
    script.onerror = () => complain("the extension " + name + " cannot be loaded from " + address);
    document.head.append(script);
  }

  function parse(root) {
    for (const element of (root || document).querySelectorAll('script[type^="IN/"]')) {
      const make = extensions.get(element.type.slice(3));
      if (!make || done.has(element)) continue;
      done.add(element);
      make(element);
    }
  }

  /* A frame behind the element. `calls`: name of what happens in the frame -> attribute that names a function of the page. */
  function frame(element, path, parameters, calls, title) {
    const base = new URL(own.src).origin;
    const view = document.createElement("iframe");
    const query = new URLSearchParams({ api_key: settings.api_key, origin: location.origin, ...parameters });
    view.src = base + path + "?" + query;
    view.title = title;
    view.width = element.dataset.width;
    view.height = "240";
    view.style.border = "0";
    view.style.maxWidth = "100%";
    addEventListener("message", (event) => {
      if (event.source !== view.contentWindow || event.origin !== base) return;
      if (event.data.height) view.height = String(event.data.height);
      for (const { name, value } of event.data.calls || []) call(element.getAttribute(calls[name]), value, calls[name]);
    });
    element.after(view);
  }

  function call(name, value, attribute) {
    if (!name) return;
    const found = name.split(".").reduce((place, part) => place && place[part], window);
    if (typeof found === "function") found(value);
    else complain(attribute + " names " + name + ", which is no function of this page");
  }

  window.IN = Object.assign(window.IN || {}, {
    ENV: settings,
    parse,
    frame,
    complain,
    register(name, make) {
      extensions.set(name, make);
      parse(document);
    },
  });
  if (!settings.api_key) {
    complain("in.js needs an api_key, the client id of the customer's application");
    return;
  }
  for (const extension of (settings.extensions || "").split(/[\s,]+/).filter((text) => text.includes("@"))) load(extension);
  document.addEventListener("DOMContentLoaded", () => parse(document));
})();
