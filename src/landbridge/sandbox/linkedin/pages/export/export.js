// Turns the list of jobs into a combobox (ARIA 1.2: the focus stays in the field). Without this script the page is a
// search form and a list of radio buttons.
"use strict";

const area = document.querySelector("[data-export]");

if (area) {
  const field = area.querySelector("#job");
  const list = area.querySelector("#jobs");
  const choices = area.querySelector("[data-choices]");
  const chosen = area.querySelector("[data-chosen]");
  const found = area.querySelector("[data-found]");
  const button = area.querySelector("[data-export-button]");
  const system = area.querySelector("select[name=system]");
  const target = Object.assign(document.createElement("input"), { type: "hidden", name: "target" });
  let jobs = [];
  let active = -1;
  let asked = 0;
  let waiting = 0;

  choices.replaceWith(target);
  area.querySelector("[data-without-script]").remove();
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": "jobs", "aria-expanded": "false", "aria-haspopup": "listbox",
  })) field.setAttribute(name, value);
  choose(null);

  function choose(job) {
    clearTimeout(waiting);
    asked += 1;
    target.value = job ? `${job.client_id} ${job.job}` : "";
    button.disabled = !job;
    chosen.hidden = !job;
    if (job) {
      field.value = job.title;
      chosen.textContent = `Chosen: ${label(job)}`;
      close();
      button.focus();
    }
  }

  function label(job) {
    return [job.title, job.code || job.job, job.location].filter(Boolean).join(" · ");
  }

  function close() {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function show() {
    list.replaceChildren(...jobs.map((job, place) => {
      const option = Object.assign(document.createElement("li"), { id: `job-${place}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const more = Object.assign(document.createElement("span"), { className: "quiet" });
      more.textContent = [job.code || job.job, job.location, system ? job.system : ""].filter(Boolean).join(" · ");
      option.append(job.title, more);
      // The field must not lose the focus to the list.
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(job));
      return option;
    }));
    list.hidden = jobs.length === 0;
    field.setAttribute("aria-expanded", String(jobs.length > 0));
    found.textContent = jobs.length === 0 ? "No job fits." : jobs.length === 1 ? "1 job fits." : `${jobs.length} jobs fit.`;
    move(jobs.length === 1 ? 0 : -1);
  }

  function move(place) {
    active = place;
    for (const [index, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(index === place));
      if (index === place) option.scrollIntoView({ block: "nearest" });
    }
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `job-${place}`);
  }

  async function ask() {
    const number = (asked += 1);
    const query = new URLSearchParams({ words: field.value, system: system ? system.value : "" });
    const answer = await fetch(`/recruiter/jobs?${query}`, { headers: { accept: "application/json" } });
    // An answer to what was typed before is of no use any more.
    if (number !== asked || !answer.ok) return;
    jobs = (await answer.json()).jobs;
    if (number === asked && document.activeElement === field) show();
  }

  function askSoon() {
    choose(null);
    waiting = setTimeout(ask, 80);
  }

  field.addEventListener("input", askSoon);
  field.addEventListener("click", () => { if (list.hidden) ask(); });
  field.addEventListener("blur", close);
  if (system) system.addEventListener("change", () => { field.value = ""; askSoon(); field.focus(); });
  field.addEventListener("keydown", (event) => {
    const last = jobs.length - 1;
    if (event.key === "ArrowDown" && list.hidden) ask();
    else if (event.key === "ArrowDown") move(active < last ? active + 1 : 0);
    else if (event.key === "ArrowUp" && !list.hidden) move(active > 0 ? active - 1 : last);
    else if (event.key === "Enter") { if (!list.hidden && active >= 0) choose(jobs[active]); }
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });
}
