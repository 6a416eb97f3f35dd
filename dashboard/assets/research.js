// The research table: its list of metrics can be searched, keeps its place while the page is drawn anew, and questions are kept by name
// in this browser. Every choice is a link; what is picked stands in the address.
(function () {
  "use strict";
  const PLACE = "township.research";
  const root = () => document.querySelector("[data-research]");
  const opened = new Map(); // group → whether the reader opened it
  let sought = "", focused = "", scrolled = 0, drawn = null;

  // Every choice that takes the focus has a name, so that the focus finds it again.
  const nameOf = (node) => node?.dataset?.pick || (node?.matches?.("thead a") ? "th." + [...root().querySelectorAll("thead a")].indexOf(node) : "");
  const named = (name) => (name.startsWith("th.") ? root().querySelectorAll("thead a")[Number(name.slice(3))] : root().querySelector(`[data-pick="${CSS.escape(name)}"]`));

  function finder(place) {
    const input = document.createElement("input");
    Object.assign(input, { type: "search", className: "form-control form-control-sm", placeholder: place.dataset.finder, value: sought });
    input.setAttribute("aria-label", place.dataset.finder);
    input.dataset.pick = "finder";
    input.addEventListener("input", () => { sought = input.value; find(); });
    const nothing = document.createElement("p");
    Object.assign(nothing, { className: "soft small mb-0", textContent: place.dataset.nothing, hidden: true });
    nothing.setAttribute("role", "status");
    place.append(input, nothing);
  }

  // While something is sought, the groups with a hit stand open and the others are out of the way.
  function find() {
    const words = sought.trim().toLowerCase();
    let hits = 0;
    for (const group of root().querySelectorAll("[data-group]")) {
      if (group.dataset.group === "greyed") continue;
      let here = 0;
      for (const option of group.querySelectorAll(".option")) {
        option.hidden = !!words && !option.textContent.toLowerCase().includes(words);
        if (!option.hidden) here += 1;
      }
      group.hidden = here === 0;
      if (words) group.open = here > 0;
      else if (opened.has(group.dataset.group)) group.open = opened.get(group.dataset.group);
      hits += here;
    }
    root().querySelector("[data-finder] p").hidden = hits > 0;
  }

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("[data-group] > summary");
    if (summary && !sought.trim()) opened.set(summary.parentNode.dataset.group, !summary.parentNode.open);
  }, true);
  document.addEventListener("focusin", (event) => { if (event.target.closest("[data-research]")) focused = nameOf(event.target); });
  document.addEventListener("scroll", (event) => { if (event.target.dataset?.scrolls) scrolled = event.target.scrollTop; }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches("[data-research] [role=checkbox]")) return;
    event.preventDefault();
    event.target.click();
  });

  // Questions kept in this browser.
  function kept() {
    try {
      const found = JSON.parse(localStorage.getItem(PLACE) || "[]");
      return Array.isArray(found) ? found.filter((one) => typeof one?.name === "string" && String(one.href).startsWith("/research?")) : [];
    } catch {
      return [];
    }
  }
  function keep(list) {
    let isKept = true;
    try { localStorage.setItem(PLACE, JSON.stringify(list.slice(0, 50))); } catch { isKept = false; } // full, or not allowed
    list_kept();
    root().querySelector("[data-unkept]").hidden = isKept;
    place_focus("keep");
    return isKept;
  }
  const place_focus = (name) => { if (document.activeElement === document.body) named(name)?.focus({ preventScroll: true }); };
  const here = () => window.location.pathname + window.location.search;

  function element(tag, text, props, more) {
    const made = Object.assign(document.createElement(tag), { textContent: text, ...props });
    for (const [name, value] of Object.entries(more || {})) made.setAttribute(name, value);
    return made;
  }

  function list_kept() {
    const place = root()?.querySelector("[data-kept]");
    if (!place) return;
    const words = JSON.parse(place.dataset.kept);
    const items = kept().map((one) => {
      const item = document.createElement("li");
      const link = element("a", one.name, { href: one.href }, one.href === here() ? { "aria-current": "true" } : {});
      const rename = element("button", words.rename, { type: "button", className: "btn btn-sm btn-link" }, { "aria-label": `${words.rename} ${one.name}` });
      const remove = element("button", words.remove, { type: "button", className: "btn btn-sm btn-link" }, { "aria-label": `${words.remove} ${one.name}` });
      rename.addEventListener("click", () => renaming(item, one, words));
      remove.addEventListener("click", () => keep(kept().filter((other) => other.href !== one.href)));
      item.append(link, rename, remove);
      return item;
    });
    place.querySelector("ul").replaceChildren(...items);
    place.querySelector("[data-none]").hidden = items.length > 0;
  }

  function renaming(item, one, words) {
    const form = element("form", "", { className: "line" });
    const field = element("input", "", { value: one.name, className: "form-control form-control-sm", maxLength: 80 }, { "aria-label": words.name });
    const done = element("button", words.save, { type: "submit", className: "btn btn-sm btn-outline-primary" });
    form.append(field, done);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const name = field.value.trim();
      keep(kept().map((other) => (other.href === one.href && name ? { ...other, name } : other)));
    });
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") list_kept(); });
    item.replaceChildren(form);
    field.select();
  }

  document.addEventListener("click", async (event) => {
    const save = event.target.closest("[data-keep]");
    if (save) {
      const known = kept().find((one) => one.href === here());
      const isKept = keep([known || { name: save.dataset.keep, href: here() }, ...kept().filter((one) => one.href !== here())]);
      if (isKept) root().querySelector("[data-kept] li button").click();
    }
    const copy = event.target.closest("[data-copies]");
    if (copy) {
      const text = copy.dataset.copies === "address" ? window.location.href : document.getElementById(copy.dataset.copies).textContent;
      const isDone = await window.township.copied(text);
      copy.dataset.was ||= copy.textContent;
      copy.textContent = isDone ? copy.dataset.done : copy.dataset.failed;
      setTimeout(() => (copy.textContent = copy.dataset.was), 1600);
    }
    const file = event.target.closest(".take a[data-file]");
    if (file) {
      event.preventDefault();
      take(file);
    }
  });

  // A file, or in the page the sentence that says why there is none.
  async function take(link) {
    if (link.dataset.asked) return;
    link.dataset.asked = "1";
    const state = link.closest(".take").querySelector("[data-words]");
    const words = JSON.parse(state.dataset.words);
    const say = (sentence, look) => Object.assign(state, { textContent: sentence, className: `small ${look}` });
    say(words.making, "soft");
    try {
      await window.township.jobs.file(link.href);
      say(words.saved, "soft");
    } catch (error) {
      say(error.isSaid ? error.message : error.status === 0 ? words.unreachable : words.broken, "problem");
    }
    delete link.dataset.asked;
  }

  // What is picked is in sight where the list opens with it.
  function first(list) {
    const picked = list.querySelector("[aria-checked=true]");
    const place = picked ? picked.offsetTop - list.offsetTop : 0;
    return place > list.clientHeight * 0.7 ? place - 70 : 0;
  }

  // Each answer draws the page anew: what the reader sought, opened and stood on comes back.
  function restore() {
    const now = root();
    if (!now || now === drawn) return;
    drawn = now;
    for (const group of now.querySelectorAll("[data-group]")) if (opened.has(group.dataset.group)) group.open = opened.get(group.dataset.group);
    const place = now.querySelector("[data-finder]");
    if (place && !place.childElementCount) finder(place);
    if (place && sought) find();
    const list = now.querySelector("[data-scrolls]");
    if (list) list.scrollTop = scrolled || first(list);
    list_kept();
    const active = document.activeElement;
    if (focused && (active === document.body || !active?.isConnected)) (named(focused) || named("finder"))?.focus({ preventScroll: true });
  }
  new MutationObserver(restore).observe(document.body, { childList: true, subtree: true });
})();
