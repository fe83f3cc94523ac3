// Before the first paint: "auto" follows the system. A chosen theme is rendered by the server from its cookie.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    if (root.dataset.theme !== "auto") return;
    root.dataset.bsTheme = dark.matches ? "dark" : "light";
    root.dispatchEvent(new CustomEvent("tanheng:theme", { bubbles: true }));
  };
  dark.addEventListener("change", follow);
  follow();
})();
