// The SQL desk: a statement is sent, followed until it is over, shown, and kept in this browser's own history. What is written and what
// came of it stay while the reader goes to other pages; another language or another build draws the page anew around them.
(function () {
  "use strict";
  const township = window.township;
  const { ask, file } = township.jobs;
  const HISTORY = "township.desk.history";
  const DRAFT = "township.desk.draft";
  const SOON = 1200; // the page's own numbers come first
  const FIRST_LOOK = 120;
  const LAST_LOOK = 1000;
  const LISTEN_EVERY = 30000;
  const desk = { root: null, sql: null, of: null, query: null, began: 0, shown: null, newest: null, ready: false, mark: "" };

  const lang = () => desk.root?.dataset.lang || "zh";
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const part = (name) => desk.root?.querySelector(`[data-part="${name}"]`);
  const words = (name, values) => JSON.parse(desk.root.dataset.words)[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const number = (value) => Number(value).toLocaleString("en-US");
  const seconds = (value) => Number(value).toFixed(value < 10 ? 2 : 1);
  const editor = () => part("editor");
  const wrong = (error) => (error.isSaid ? error.message : words(error.status === 0 ? "unreachable" : "broken"));

  // ── what this browser keeps ─────────────────────────────────────────────────────────────────────────────────────
  function kept(store, key, otherwise) {
    try { return JSON.parse(store.getItem(key)) ?? otherwise; } catch { return otherwise; }
  }
  function keep(store, key, value) {
    try { store.setItem(key, JSON.stringify(value)); } catch { /* a browser that keeps nothing: the desk works without */ }
  }
  const history = () => kept(localStorage, HISTORY, []).filter((one) => typeof one?.sql === "string");

  function remember(one) {
    const others = history().filter((other) => other.sql !== one.sql);
    keep(localStorage, HISTORY, [one, ...others].slice(0, Number(desk.root?.dataset.kept || 50)));
    listHistory();
  }

  function listHistory() {
    if (!desk.root) return;
    const found = history();
    part("no-history").hidden = found.length > 0;
    const clear = desk.root.querySelector("[data-press=clear]");
    Object.assign(clear, { hidden: !found.length, textContent: words("clear") });
    delete clear.dataset.sure;
    part("history").replaceChildren(...found.map((one) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.dataset.load = one.sql;
      const said = Object.assign(document.createElement("code"), { textContent: one.sql.replace(/\s+/g, " ").slice(0, 160) });
      const at = new Date(one.at);
      const when = `${at.getMonth() + 1}-${String(at.getDate()).padStart(2, "0")} ${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
      const problem = one.error && typeof one.error === "object" ? one.error[lang()] : one.error;
      const came = problem || `${words("history_rows", { rows: number(one.rows) })} · ${words("seconds", { seconds: seconds(one.seconds) })}`;
      const note = Object.assign(document.createElement("small"), { className: problem ? "problem" : "soft", textContent: `${when} · ${came}` });
      button.append(said, note);
      item.append(button);
      return item;
    }));
  }

  // ── the statement ───────────────────────────────────────────────────────────────────────────────────────────────
  // Put in as though typed, so that Ctrl+Z brings back what stood there.
  function type(text, all) {
    const field = editor();
    field.focus();
    if (all) field.select();
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      wrote();
    }
    if (all) {
      field.setSelectionRange(0, 0);
      field.scrollTop = 0;
    }
  }

  function wrote() {
    desk.sql = editor().value;
    part("older").hidden = !desk.shown || desk.shown.sql === desk.sql;
    try { sessionStorage.setItem(DRAFT, JSON.stringify({ of: desk.of, sql: desk.sql })); } catch { /* nothing is kept */ }
  }

  const linked = () => new URLSearchParams(window.location.search).get("sql");

  function address(sql) {
    const url = new URL(window.location.href);
    url.searchParams.set("sql", sql);
    return url.searchParams.get("sql") && url.search.length <= Number(desk.root.dataset.longest) ? url : null;
  }

  // The address follows what was run. It is replaced in silence: the page around the statement is the same.
  function write(sql) {
    const url = address(sql) || new URL(window.location.href);
    if (!address(sql)) url.searchParams.delete("sql");
    window.history.replaceState(window.history.state, "", url);
    document.body.dataset.address = url.pathname + url.search;
    desk.of = linked();
    otherLanguage();
    wrote();
  }

  function otherLanguage() {
    const link = document.querySelector(".rail-foot a[lang]");
    if (!link) return;
    const url = new URL(link.href);
    if (desk.of) url.searchParams.set("sql", desk.of); else url.searchParams.delete("sql");
    link.href = url;
  }

  // Line and column count characters as people do, from 1; a text field counts in halves of the rarer ones.
  function point([line, column]) {
    const field = editor();
    const lines = field.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const start = Math.min(before + [...(lines[line - 1] || "")].slice(0, column - 1).join("").length, field.value.length);
    const word = /^[\p{L}\p{N}_]+/u.exec(field.value.slice(start));
    field.focus();
    field.setSelectionRange(start, start + (word ? word[0].length : 0));
    field.scrollTop = Math.max(0, (line - 5) * parseFloat(getComputedStyle(field).lineHeight));
  }

  // ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────
  function tell(sentence) {
    const place = part("state");
    if (place && place.textContent !== sentence) place.textContent = sentence;
  }

  function refuse(sentence) {
    const place = part("problem");
    if (!place) return;
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  function paint() {
    if (!desk.root) return;
    const isRunning = desk.query !== null;
    desk.root.querySelector("[data-press=run]").disabled = isRunning;
    desk.root.querySelector("[data-press=cancel]").hidden = !isRunning;
    desk.root.classList.toggle("is-running", isRunning);
    part("clock").textContent = isRunning ? words("seconds", { seconds: Math.floor((Date.now() - desk.began) / 1000) }) : "";
  }
  setInterval(() => { if (desk.query !== null) paint(); }, 500);

  async function run() {
    if (desk.query !== null || !desk.root) return;
    const sql = editor().value;
    Object.assign(desk, { query: "", began: Date.now(), isCancelled: false, mark: newMark() });
    refuse("");
    tell(words("running"));
    paint();
    write(sql);
    try {
      desk.query = (await ask("POST", "/desk/run", { sql, mark: desk.mark })).query;
      if (desk.isCancelled) await ask("POST", "/desk/cancel", { query: desk.query });
      const over = await followed(desk.query);
      desk.query = null;
      came(sql, over);
    } catch (error) {
      desk.query = null;
      tell("");
      if (desk.root) refuse(wrong(error));
    }
    paint();
  }

  async function followed(query) {
    for (let wait = FIRST_LOOK; ; wait = Math.min(wait * 1.4, LAST_LOOK)) {
      await pause(wait);
      const found = await ask("POST", `/desk/place?lang=${lang()}`, { query });
      if (found.state === "over") return { ...found, query };
      if (desk.root) tell(desk.isCancelled ? words("cancelling") : words(found.state, found));
    }
  }

  function came(sql, over) {
    const isDone = over.outcome === "done";
    remember({ sql, at: Date.now(), seconds: over.took, rows: over.rows ?? null, error: isDone ? "" : over.said });
    if (isDone) desk.shown = { ...over, sql };
    if (!desk.root) return;
    tell(isDone ? words("done", { rows: number(over.rows), seconds: seconds(over.took) }) : "");
    if (isDone) show();
    else {
      refuse(over.message);
      if (over.at && editor().value === sql) point(over.at);
    }
  }

  async function cancel() {
    desk.isCancelled = true;
    tell(words("cancelling"));
    if (desk.query) await ask("POST", "/desk/cancel", { query: desk.query }).catch(() => {}); // over already
  }

  // By its mark a query can be called off before its id has come.
  const newMark = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

  // A reader who leaves takes what waits or runs with them.
  window.addEventListener("pagehide", () => {
    if (desk.query === null) return;
    const which = desk.query ? { query: desk.query } : { mark: desk.mark };
    const headers = { "X-Township": "1", "Content-Type": "application/json" };
    fetch("/desk/cancel", { method: "POST", headers, body: JSON.stringify(which), keepalive: true });
  });

  // ── the result ──────────────────────────────────────────────────────────────────────────────────────────────────
  function show() {
    const isThere = desk.shown !== null;
    part("nothing").hidden = isThere;
    part("files").hidden = !isThere;
    part("result").hidden = !isThere;
    part("file-state").textContent = "";
    if (!isThere) return;
    part("result").innerHTML = desk.shown.html;
    part("older").hidden = desk.shown.sql === editor().value;
    fresh();
    if (window.innerWidth < 768) part("result").closest("section").scrollIntoView({ block: "start" });
  }

  // The words of a result in another language; one the server no longer keeps stays as it is.
  async function translate() {
    const { shown } = desk;
    const found = await ask("POST", `/desk/place?lang=${lang()}`, { query: shown.query }).catch(() => null);
    if (found?.html && desk.shown === shown) Object.assign(shown, { html: found.html });
    if (desk.root) show();
  }

  async function fresh() {
    if (!desk.shown || !desk.root || document.hidden) return;
    const answer = await fetch("/build", { cache: "no-store" }).catch(() => null);
    if (!answer || answer.status !== 200) return;
    const newest = await answer.json();
    const line = part("news");
    if (!line || !desk.shown) return;
    line.hidden = newest.build === desk.shown.build;
    line.textContent = line.hidden ? "" : words("news", { moment: newest.as_of });
  }
  setInterval(fresh, LISTEN_EVERY);
  document.addEventListener("visibilitychange", fresh);

  async function save(button) {
    const { shown } = desk;
    const said = part("file-state");
    button.disabled = true;
    said.className = "small soft";
    said.textContent = words("making");
    try {
      const headers = { "X-Township": "1", "Content-Type": "application/json" };
      const body = JSON.stringify({ build: shown.build, sql: shown.sql });
      await file(`/desk/file/${button.dataset.file}?lang=${lang()}`, { method: "POST", headers, body });
      if (desk.root) said.textContent = words("saved");
    } catch (error) {
      said.className = "small problem";
      if (desk.root) said.textContent = wrong(error);
    }
    button.disabled = false;
  }

  // All of the data: asked for again until it is made, then left to the browser, which need not hold it whole.
  async function take(link) {
    if (link.dataset.asked) return;
    link.dataset.asked = "1";
    const said = part("zip-state");
    const say = (sentence, look) => Object.assign(said, { textContent: sentence, className: `small ${look}` });
    try {
      while (!(await ask("GET", "/research/warehouse")).ready) {
        if (!link.isConnected) return;
        say(words("warehouse_making"), "soft");
        await pause(2000);
        if (!link.isConnected) return;
      }
      if (!link.isConnected) return;
      say(words("warehouse_coming"), "soft");
      Object.assign(document.createElement("a"), { href: link.href, download: "" }).click();
    } catch (error) {
      if (link.isConnected) say(wrong(error), "problem");
    }
    delete link.dataset.asked;
  }

  // ── what it all runs on ─────────────────────────────────────────────────────────────────────────────────────────
  async function prepare() {
    const { root } = desk;
    await pause(SOON);
    while (desk.root === root && root.isConnected) {
      const found = await ask("POST", "/desk/ready", {}).catch((error) => ({ refused: desk.root === root ? wrong(error) : error.message }));
      if (desk.root !== root) return;
      if (found.refused) return refuse(found.refused);
      const said = part("state").textContent;
      if (desk.query === null && part("problem").hidden) {
        if (!found.ready && said === "") tell(words("getting_ready"));
        else if (found.ready && said === words("getting_ready")) tell(words("ready"));
      }
      if (found.ready) return void (part("size").textContent = words("warehouse_size", found));
      await pause(2000);
    }
  }

  // ── beside the editor ───────────────────────────────────────────────────────────────────────────────────────────
  function turn(name) {
    desk.tab = name;
    for (const tab of desk.root.querySelectorAll("[data-tab]")) {
      const isOn = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(isOn));
      tab.tabIndex = isOn ? 0 : -1;
    }
    desk.root.querySelectorAll("[data-pane]").forEach((pane) => (pane.hidden = pane.dataset.pane !== name));
  }

  function find(asked) {
    const wanted = asked.trim().toLowerCase();
    let count = 0;
    for (const table of desk.root.querySelectorAll("[data-table]")) {
      const isWhole = `${table.dataset.table} ${table.dataset.words}`.includes(wanted);
      let own = 0;
      table.querySelectorAll("li[data-words]").forEach((column) => {
        column.hidden = !isWhole && !column.dataset.words.includes(wanted);
        own += column.dataset.words.includes(wanted) ? 1 : 0;
      });
      table.hidden = !isWhole && !own;
      table.open = wanted !== "" && own > 0;
      count += table.hidden ? 0 : 1;
    }
    const functions = desk.root.querySelector("[data-functions]");
    let named = 0;
    functions.querySelectorAll("button").forEach((button) => {
      button.hidden = !button.dataset.insert.includes(wanted);
      named += button.hidden ? 0 : 1;
    });
    functions.hidden = named === 0;
    functions.open = wanted !== "" && count === 0 && named > 0;
    part("none-found").hidden = count + named > 0;
  }

  // ── the page ────────────────────────────────────────────────────────────────────────────────────────────────────
  const pressed = {
    run,
    cancel,
    async link() {
      if (!editor().value.trim()) return tell(words("link_empty"));
      const url = address(editor().value);
      if (!url) return tell(words("link_long"));
      if (await township.copied(url.href)) tell(words("linked")); else refuse(words("unkept"));
    },
    clear(button) {
      if (!button.dataset.sure) {
        button.dataset.sure = "1";
        button.textContent = words("clear_sure");
        return;
      }
      keep(localStorage, HISTORY, []);
      listHistory();
    },
  };

  document.addEventListener("click", (event) => {
    const zip = event.target.closest(".desk a[data-part=zip]");
    if (zip) {
      event.preventDefault();
      return void take(zip);
    }
    const button = event.target.closest(".desk button");
    if (!button) return;
    const { press, insert, load, tab, file } = button.dataset;
    if (press) pressed[press](button);
    else if (insert) type(insert, false);
    else if (load) type(load, true);
    else if (tab) turn(tab);
    else if (file) save(button);
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.matches?.("[data-part=editor]") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return run();
    }
    if (!event.target.matches?.(".desk [data-tab]")) return;
    const tabs = [...desk.root.querySelectorAll("[data-tab]")];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
    turn(next.dataset.tab);
    next.focus();
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-part=editor]")) wrote();
    else if (event.target.matches("[data-part=find]")) find(event.target.value);
  });

  function mount(root) {
    const isFirst = desk.sql === null;
    desk.root = root;
    if (isFirst || linked() !== desk.of) {
      const draft = kept(sessionStorage, DRAFT, null);
      desk.of = linked();
      if (desk.of === null || (isFirst && draft?.of === desk.of)) desk.sql ??= draft?.sql ?? "";
      else {
        desk.sql = desk.of;
        tell(words("opened"));
      }
    }
    editor().value = desk.sql;
    const { label } = part("find-place").dataset;
    const field = Object.assign(document.createElement("input"), { type: "search", className: "form-control form-control-sm", placeholder: label, ariaLabel: label });
    field.dataset.part = "find";
    part("find-place").replaceChildren(field);
    otherLanguage();
    listHistory();
    turn(desk.tab || (desk.sql === "" && !history().length ? "examples" : "tables"));
    if (desk.shown) translate();
    paint();
    prepare();
  }

  function look() {
    const root = document.querySelector("[data-desk]");
    if (!root) desk.root = null;
    else if (root !== desk.root && root.querySelector("[data-part=editor]")) mount(root);
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("popstate", () => setTimeout(() => { if (desk.root && linked() !== desk.of) mount(desk.root); }));
})();
