// Light or dark before the first paint: the reader's choice, else the system's. Loaded in <head>, blocking, on purpose.
(function () {
  "use strict";
  const root = document.documentElement;
  const chosen = localStorage.getItem("township-theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

  function wear(theme) {
    root.setAttribute("data-bs-theme", theme);
    root.setAttribute("data-ag-theme-mode", theme);
    window.dispatchEvent(new CustomEvent("township-theme", { detail: theme }));
  }

  window.township = {
    theme: () => root.getAttribute("data-bs-theme"),
    switchTheme() {
      const next = window.township.theme() === "dark" ? "light" : "dark";
      localStorage.setItem("township-theme", next);
      wear(next);
    },
  };
  wear(chosen || system);
})();
