// The URL is the only state. Links and filters push a new address; dcc.Location hears of it and the page is drawn from it.
(function () {
  "use strict";
  const township = window.township;

  // The grid component weighs as much as everything else together, so only the case list loads it.
  function gridReady(url) {
    const src = document.body.dataset.gridScript;
    if (url.pathname !== "/cases" || window.dash_ag_grid || !src) return null;
    return new Promise((done) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = done;
      script.onerror = () => window.location.assign(url);
      document.head.append(script);
    });
  }

  const announce = () => window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));

  township.go = async function (href, event) {
    const url = new URL(href, window.location.href);
    if (event && (event.ctrlKey || event.metaKey || event.shiftKey)) return void window.open(url, "_blank", "noopener");
    if (url.href === window.location.href) return;
    await gridReady(url);
    const samePage = url.pathname === window.location.pathname;
    window.history.pushState({}, "", url);
    announce();
    if (!samePage) window.scrollTo(0, 0);
  };

  window.addEventListener("popstate", (event) => {
    const ready = gridReady(new URL(window.location.href));
    if (!ready) return;
    event.stopImmediatePropagation();
    ready.then(announce);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || link.target || link.hasAttribute("download")) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname.startsWith("/assets/")) return;
    if (url.pathname === window.location.pathname && url.search === window.location.search && url.hash) return;
    event.preventDefault();
    close();
    township.go(url.href);
  });

  // Panels (filters and 更多 on a phone) and disclosures close on a second press, on Escape and on a press elsewhere.
  function close(except) {
    document.body.removeAttribute("data-panel");
    document.querySelectorAll("details.popup[open]").forEach((d) => { if (d !== except) d.removeAttribute("open"); });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button && button.dataset.action === "theme") return township.switchTheme();
    if (button && button.dataset.action === "close") return close();
    if (button) {
      const open = document.body.dataset.panel === button.dataset.action;
      close();
      if (!open) document.body.dataset.panel = button.dataset.action;
      return;
    }
    const inside = event.target.closest("details.popup");
    if (!event.target.closest(".filters")) close(inside);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  // Two disclosures open at once would cover each other; one too near the right edge opens to the left.
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (!details.matches || !details.matches("details.popup") || !details.open) return;
    const box = details.getBoundingClientRect();
    details.classList.toggle("to-left", box.left > window.innerWidth / 2);
  }, true);

  // A search box is part of the address like any filter.
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = event.target.dataset.query;
    if (!name) return;
    const url = new URL(window.location.href);
    const value = new FormData(event.target).get(name).trim();
    if (value) url.searchParams.set(name, value); else url.searchParams.delete(name);
    url.searchParams.delete("page");
    township.go(url.href);
  });

  const LISTS = ["community", "grid", "category", "department", "channel"];

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    township: {
      // Filters → URL. `shown` is what the page on screen was drawn with: equal values came from the URL and go nowhere.
      filter(period, start, end, compare, community, grid, category, department, channel, shown) {
        const now = { period, start: start || "", end: end || "", compare };
        Object.entries({ community, grid, category, department, channel }).forEach(([key, codes]) => (now[key] = codes || []));
        const same = shown && period === shown.period && compare === shown.compare && LISTS.every((key) => String(now[key]) === String(shown[key])) &&
          (period !== "custom" || (now.start === shown.start && now.end === shown.end));
        if (!shown || same) return;
        const query = new URLSearchParams(window.location.search);
        for (const key of ["period", "from", "to", "compare", "page", ...LISTS]) query.delete(key);
        if (period === "custom") {
          if (!now.start || !now.end || now.start > now.end) return;
          query.set("from", now.start);
          query.set("to", now.end);
        } else if (period !== shown.default_period) {
          query.set("period", period);
        }
        if (compare !== "previous") query.set("compare", compare);
        for (const key of LISTS) if (now[key].length) query.set(key, now[key].join(","));
        const search = query.toString().replaceAll("%2C", ",");
        township.go(window.location.pathname + (search ? "?" + search : ""));
      },
      // After a page is drawn: language and title of the document.
      arrived(shown) {
        if (shown) {
          document.documentElement.lang = shown.lang === "zh" ? "zh-CN" : "en";
          document.title = shown.title;
          document.body.dataset.period = shown.period;
          document.body.dataset.build = shown.build;
          document.body.dataset.asOf = shown.as_of.slice(0, 16).replace("T", " ");
          document.getElementById("news-bar")?.remove();
          const days = (Date.now() - Date.parse(shown.as_of)) / 86400000;
          document.body.toggleAttribute("data-stale", days > 8);
          document.body.dataset.address = window.location.pathname + window.location.search;
          // The part of the page the address names exists only now.
          if (window.location.hash) setTimeout(() => document.getElementById(window.location.hash.slice(1))?.scrollIntoView({ behavior: "instant" }));
        }
      },
    },
  });
})();
