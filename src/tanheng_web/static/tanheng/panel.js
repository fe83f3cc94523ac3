// 数从何来: a click on a figure opens its explanation at the right, at its own URL. Back and forward walk the same way; Esc closes.
(() => {
  "use strict";
  async function copyOnClick(event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy || window.location.href);
      button.textContent = "已复制";
    } catch {
      button.textContent = button.dataset.copy; // no clipboard over plain http: show it for copying by hand
      return;
    }
    setTimeout(() => (button.textContent = before), 1500);
  }

  const panel = document.getElementById("th-panel");
  const alone = document.querySelector("[data-figure-page]") !== null;
  document.addEventListener("click", copyOnClick);
  // on the panel's own page links simply lead on; a walk begun before a reload goes back by drawing the page anew
  if (alone) window.addEventListener("popstate", () => window.location.reload());
  if (!panel || alone) return;
  const body = panel.querySelector(".th-panel-body");
  let opener = null;
  let request = null;

  const mark = (url) => {
    const target = url && new URL(url, window.location.href).href;
    document.querySelectorAll("a[data-figure], a[data-previous]").forEach((link) => {
      if (target && link.href === target && !panel.contains(link)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };

  const show = async (url) => {
    request?.abort();
    request = new AbortController();
    panel.hidden = false;
    document.body.classList.add("th-with-panel");
    body.setAttribute("aria-busy", "true");
    mark(url);
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: request.signal, credentials: "same-origin" });
      if (answer.redirected || !answer.ok) return void window.location.assign(url); // signed out, or no right: the page itself says it
      body.innerHTML = await answer.text();
      window.htmx?.process(body);
      panel.scrollTop = 0;
      panel.querySelector("#th-panel-title").focus({ preventScroll: true });
    } catch (fault) {
      if (fault.name === "AbortError") return;
      body.textContent = "连不上服务器，数据没有改动。请检查网络后再点一次。";
    } finally {
      body.removeAttribute("aria-busy");
    }
  };

  const hide = () => {
    if (panel.hidden) return;
    request?.abort();
    panel.hidden = true;
    document.body.classList.remove("th-with-panel");
    body.replaceChildren();
    mark(null);
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  };

  const open = (url, from) => {
    if (panel.hidden) opener = from;
    const depth = (history.state?.thDepth ?? 0) + 1;
    history.pushState({ thPanel: url, thDepth: depth }, "", url);
    show(url);
  };

  const close = () => {
    const depth = history.state?.thDepth ?? 0;
    if (depth > 0) history.go(-depth); // popstate hides it
    else hide();
  };

  window.tanhengPanel = { open, close };

  document.addEventListener("click", (event) => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const link = event.target.closest("a[data-figure], a[data-previous]");
    if (link && plain && !event.defaultPrevented) {
      event.preventDefault();
      open(link.getAttribute("href"), link);
    }
    const button = event.target.closest("[data-panel-do]");
    if (button && panel.contains(button)) ({ close, back: () => history.back() })[button.dataset.panelDo]?.();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });

  window.addEventListener("popstate", (event) => {
    if (event.state?.thPanel) show(event.state.thPanel);
    else hide();
  });

  // arrived by reload at a panel's URL: the server has drawn the full page, so nothing is left of the old walk
  if (history.state?.thPanel) history.replaceState(null, "", window.location.href);
})();
