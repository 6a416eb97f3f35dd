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
    if (samePage) hold();
    announce();
    if (samePage) places();
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

  // A form names in data-query the parameters it sets; fields of one name make one list.
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const names = event.target.dataset.query;
    if (!names) return;
    const url = new URL(window.location.href);
    const fields = new FormData(event.target);
    for (const name of names.split(" ")) {
      const value = fields.getAll(name).map((text) => text.trim()).filter(Boolean).join(",");
      if (value) url.searchParams.set(name, value); else url.searchParams.delete(name);
    }
    url.searchParams.delete("page");
    url.search = url.searchParams.toString().replaceAll("%2C", ",");
    township.go(url.href);
  });

  const LISTS = ["community", "grid", "category", "department", "channel"];

  // What stands below the first parts of a page comes when the reader is near it. After a change of filters it is asked for anew, at
  // once where the reader sees it; until it comes it is pale.
  const main = () => document.querySelector("main");
  const hold = () => { if (main()) main().style.minHeight = window.scrollY > 0 ? main().offsetHeight + "px" : ""; };
  const here = () => window.location.pathname + window.location.search;
  const isStale = (place) => place.firstElementChild?.dataset.address !== here();
  function want(place) {
    if (!isStale(place) || place.dataset.asked === here()) return;
    place.dataset.asked = here();
    try {
      window.dash_clientside.set_props({ ...JSON.parse(place.id), type: "wanted" }, { data: here() });
    } catch {
      delete place.dataset.asked; // another page is on its way and this place about to go
    }
  }
  const seen = new Set();
  const near = new IntersectionObserver((entries) => entries.forEach((e) => {
    if (!e.isIntersecting) return void seen.delete(e.target);
    seen.add(e.target);
    want(e.target);
  }), { rootMargin: "120px 0px" });
  const watched = new WeakSet();
  function places() {
    for (const place of document.querySelectorAll("main .later")) {
      place.classList.toggle("pale", place.childElementCount > 0 && isStale(place));
      if (watched.has(place)) continue;
      watched.add(place);
      near.observe(place);
    }
    seen.forEach((place) => (place.isConnected ? want(place) : seen.delete(place)));
  }
  new MutationObserver(() => {
    // dcc.Dropdown leaves a hidden input in the order of the Tab key
    document.querySelectorAll("input.dash-dropdown-focus-target[tabindex='0']").forEach((input) => (input.tabIndex = -1));
    places();
  }).observe(document.body, { childList: true, subtree: true });
  township.whole = () => document.querySelectorAll("main .later").forEach(want);
  window.addEventListener("beforeprint", township.whole);

  // The links of the navigation carry the filters in force; the page on screen is marked.
  function navigate(shown) {
    for (const link of document.querySelectorAll(".rail a.nav-link, .rail a.brand")) {
      const path = new URL(link.href).pathname;
      link.href = path + shown.query;
      if (link.matches(".nav-link") && path === shown.section) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const other = document.querySelector(".rail-foot a");
    if (other) other.href = shown.other;
  }

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
      // Order and column filters of the list of cases → URL, without a new page.
      listed(requests) {
        const asked = requests[0];
        if (!asked) return;
        const url = new URL(window.location.href);
        const sorting = (asked.sortModel || [])[0];
        const where = {};
        for (const [column, said] of Object.entries(asked.filterModel || {}))
          where[column] = [said.type, said.dateFrom ?? said.filter ?? "", said.dateTo ?? said.filterTo ?? ""].map((part) => String(part).slice(0, 100));
        const set = (name, value) => (value ? url.searchParams.set(name, value) : url.searchParams.delete(name));
        const isOwn = sorting && !(sorting.sort === "desc" && ["reported_at", "applied_at", "patrolled_at"].includes(sorting.colId));
        set("sort", isOwn ? (sorting.sort === "desc" ? "-" : "") + sorting.colId : "");
        set("where", Object.keys(where).length ? JSON.stringify(where) : "");
        if (url.href !== window.location.href) window.history.replaceState({}, "", url);
      },
      // After a page is drawn: language and title of the document.
      arrived(shown) {
        if (shown) {
          document.documentElement.lang = shown.lang === "zh" ? "zh-CN" : "en";
          document.title = shown.title;
          document.body.dataset.period = shown.period;
          navigate(shown);
          document.body.dataset.build = shown.build;
          document.body.dataset.asOf = shown.as_of.slice(0, 16).replace("T", " ");
          document.getElementById("news-bar")?.remove();
          places();
          setTimeout(() => main() && (main().style.minHeight = ""), 1500);
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
