// The frame: search palette, switches, unsaved work, messages after a fragment. Pages bring their own scripts.
(() => {
  "use strict";
  const palette = document.getElementById("palette");

  function openPalette() {
    if (!palette || palette.open) return;
    palette.showModal();
    const input = palette.querySelector("input");
    input.select();
    htmx.trigger(input, "palette-open");
  }

  function movePalette(step) {
    const links = [...palette.querySelectorAll("#palette-results a")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[(at + step + links.length) % links.length].focus();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    } else if (palette?.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      movePalette(event.key === "ArrowDown" ? 1 : -1);
    }
  });

  palette?.addEventListener("click", (event) => event.target === palette && palette.close());
  palette?.querySelector("form").addEventListener("submit", (event) => {
    const first = palette.querySelector("#palette-results a");
    if (first) {
      event.preventDefault();
      first.click();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) openPalette();
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-back]")) history.back();
    const row = event.target.closest("[data-href]");
    if (row && !event.target.closest("a, button, input, label")) row.querySelector("a")?.click();
  });

  // Filter a list by what is typed: <input data-filter="#list">, items carry data-text. A part of the list that has
  // none of them left goes too; <output data-filter-count="#list"> says how many are left of how many.
  document.addEventListener("input", (event) => {
    const list = event.target.dataset.filter && document.querySelector(event.target.dataset.filter);
    if (!list) return;
    const words = event.target.value.trim().toLowerCase().split(/\s+/);
    const items = [...list.querySelectorAll("[data-text]")];
    for (const item of items) item.hidden = !words.every((word) => item.dataset.text.toLowerCase().includes(word));
    const parts = [list, ...list.querySelectorAll(".folding, .rows-first")];
    for (const part of parts) part.classList.toggle("is-filtering", words[0] !== "");
    for (const part of parts.slice(1)) part.hidden = !part.querySelector("[data-text]:not([hidden])");
    const count = document.querySelector(`[data-filter-count="${CSS.escape(event.target.dataset.filter)}"]`);
    if (count) count.value = words[0] ? `${items.filter((item) => !item.hidden).length} / ${items.length}` : "";
  });

  // The menu is taller than a small window: where one is stands in sight.
  document.querySelector(".shell-nav .is-current")?.scrollIntoView({ block: "nearest" });

  document.addEventListener("shown.bs.dropdown", (event) => event.target.parentElement.querySelector("[data-filter]")?.focus());

  // Period from two months.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-period-form]")) {
      let [from, to] = [...form.querySelectorAll("input[type=month]")].map((input) => input.value);
      if (to < from) [from, to] = [to, from];
      form.elements.period.value = from === to ? from : `${from}..${to}`;
    }
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) event.preventDefault();
    else form.removeAttribute("data-dirty");
  });

  // A group's checkbox rules the boxes of its group: <input data-group="coking"> and <input data-member="coking">.
  document.addEventListener("change", (event) => {
    const { group, member } = event.target.dataset;
    if (group) for (const box of document.querySelectorAll(`[data-member="${CSS.escape(group)}"]`)) box.checked = event.target.checked;
    if (member && event.target.checked) {
      const head = document.querySelector(`[data-group="${CSS.escape(member)}"]`);
      if (head) head.checked = true;
    }
  });

  // A field asked only for some values of another: <div data-shown-for="province=内蒙古">.
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form) return;
    for (const field of form.querySelectorAll("[data-shown-for]")) {
      const [name, values] = field.dataset.shownFor.split("=");
      if (name === event.target.name) field.hidden = !values.split(",").includes(event.target.value);
    }
  });

  // Forms that say so warn before their changes are lost.
  document.addEventListener("input", (event) => event.target.closest("form[data-guard]")?.setAttribute("data-dirty", ""));
  addEventListener("beforeunload", (event) => document.querySelector("form[data-dirty]") && event.preventDefault());

  // Say aloud what a fragment changed; show when the server cannot be reached.
  const live = document.getElementById("live");
  const offline = document.getElementById("offline");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (offline) offline.hidden = true;
    const said = event.detail.elt?.querySelector?.("[role=status], [role=alert]");
    if (said && live) live.textContent = said.textContent.trim();
  });
  document.addEventListener("htmx:sendError", () => offline && (offline.hidden = false));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500 && live) live.textContent = `系统出错，编号 ${event.detail.xhr.getResponseHeader("X-Request-ID") ?? ""}`;
  });
  addEventListener("offline", () => offline && (offline.hidden = false));
  addEventListener("online", () => offline && (offline.hidden = true));
})();
