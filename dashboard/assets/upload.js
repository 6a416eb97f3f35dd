// Files to be loaded: sent piece by piece as they are, then followed until they are checked and loaded. What a job has found is drawn
// by the server; this script sends, presses and looks whether there is something new.
(function () {
  "use strict";
  const township = window.township;
  const PIECE = 8 * 1024 * 1024;
  const LOOK_EVERY = 1000;
  const TRIES = 4;
  let sending = null; // {job, name, number, count, sent, total, request}

  const $ = (selector, inside) => (inside || document).querySelector(selector);
  const lang = () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const zone = () => $("[data-zone]");
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  class Refused extends Error {
    constructor(status, found) {
      super(found[lang()] || found.zh || (zone() ? zone().dataset.broken : "…"));
      this.status = status;
      this.isSaid = Boolean(found[lang()] || found.zh); // else it is a proxy's page, or the server's own English one
    }
  }

  async function ask(method, path, body) {
    const options = { method, headers: { "X-Township": "1" } };
    if (body) {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const answer = await fetch(path, options).catch(() => { throw new Refused(0, {}); });
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, found);
    return found;
  }

  // A file the server makes, fetched, so that what is wrong with it can stand in the page.
  async function file(path, options) {
    const answer = await fetch(path, options).catch(() => { throw new Refused(0, {}); });
    if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => ({})));
    const told = answer.headers.get("Content-Disposition") || "";
    const name = /filename\*=UTF-8''([^;]+)/.exec(told) || /filename="?([^";]+)/.exec(told) || ["", "download"];
    const url = URL.createObjectURL(await answer.blob().catch(() => { throw new Refused(0, {}); }));
    Object.assign(document.createElement("a"), { href: url, download: decodeURIComponent(name[1]) }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  // Whether a text is in the clipboard now. Without https a browser has none to offer; the old way still works.
  async function copied(text) {
    if (navigator.clipboard && await navigator.clipboard.writeText(text).then(() => true, () => false)) return true;
    const before = document.activeElement;
    const area = Object.assign(document.createElement("textarea"), { value: text });
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    before?.focus?.({ preventScroll: true });
    return isDone;
  }

  // ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────────
  function put(path, piece, heard) {
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      sending.request = request;
      request.open("PUT", path);
      request.setRequestHeader("X-Township", "1");
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => heard(event.loaded);
      request.onload = () => {
        let found = {};
        try { found = JSON.parse(request.responseText); } catch { /* not ours: a proxy's page */ }
        if (request.status === 200) done(found); else fail(new Refused(request.status, found));
      };
      request.onerror = () => fail(new Refused(0, {}));
      request.onabort = () => fail(new Refused(-1, {}));
      request.send(piece);
    });
  }

  // A broken line is tried again from where the server stands.
  async function sendFile(job, file, number) {
    let offset = 0;
    let tries = 0;
    const before = sending.sent;
    while (offset < file.size) {
      try {
        const found = await put(`/upload/${job}/${number}?from=${offset}`, file.slice(offset, offset + PIECE), (loaded) => {
          sending.sent = before + offset + loaded;
          paint();
        });
        offset = found.bytes;
        tries = 0;
      } catch (error) {
        if (error.status !== 0 || ++tries >= TRIES) throw error;
        paint(zone() ? zone().dataset.resuming : "");
        await pause(1000 * tries);
      }
      sending.sent = before + offset;
      paint();
    }
    if (!file.size) await put(`/upload/${job}/${number}?from=0`, new Blob([]), () => {});
  }

  async function send(files) {
    if (sending || !files.length) return;
    tell("");
    sending = { files, sent: 0, total: files.reduce((sum, file) => sum + file.size, 0), number: 0, name: files[0].name };
    paint();
    try {
      const { job } = await ask("POST", "/upload", { files: files.map((file) => ({ name: file.name, bytes: file.size })) });
      sending.job = job;
      for (const [number, file] of files.entries()) {
        Object.assign(sending, { number, name: file.name });
        await sendFile(job, file, number);
      }
      await ask("POST", `/upload/${job}/check`);
    } catch (error) {
      if (sending.job) await ask("DELETE", `/upload/${sending.job}`).catch(() => {});
      if (error.status !== -1) tell(error.message);
    }
    sending = null;
    paint();
    refresh();
  }

  function paint(words) {
    const box = zone() && $(".sending", zone());
    if (!box) return;
    box.hidden = !sending;
    $("[data-choose]", zone()).hidden = !!sending;
    if (!sending) return;
    const share = sending.total ? sending.sent / sending.total : 0;
    $("progress", box).value = share;
    $("[data-part=text]", box).textContent = words || filled(zone().dataset.sending, {
      name: sending.name, number: sending.number + 1, count: sending.files.length, percent: Math.floor(share * 100),
    });
  }

  function tell(sentence) {
    const line = zone() && $(".problem", zone());
    if (!line) return;
    line.textContent = sentence;
    line.hidden = !sentence;
  }

  const input = Object.assign(document.createElement("input"), { type: "file", multiple: true, hidden: true });
  document.body.append(input);
  input.addEventListener("change", () => {
    send([...input.files]);
    input.value = "";
  });

  const carriesFiles = (event) => zone() && event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  for (const name of ["dragenter", "dragover"]) document.addEventListener(name, (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone().classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget && zone()) zone().classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone().classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    if (entries.some((entry) => entry && entry.isDirectory)) return tell(zone().dataset.folder);
    send([...event.dataTransfer.files]);
  });
  window.addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────────
  function refresh() {
    const place = $(".jobs");
    if (place) window.dash_clientside.set_props({ ...JSON.parse(place.id), type: "jobs-tick" }, { data: Date.now() });
  }

  // Where a card's job is asked after: a load, unless it says otherwise.
  const place = (card) => `${card.dataset.at || "/upload"}/${card.dataset.job}`;

  async function look(card) {
    const { job, state } = card.dataset;
    if (card.dataset.asked) return;
    card.dataset.asked = "1";
    try {
      const found = await ask("GET", `${place(card)}?lang=${lang()}`);
      if (found.state !== state) {
        card.removeAttribute("data-running");
        // The page moves to the new build; it draws the jobs anew with it.
        if (found.published) window.dash_clientside.set_props("news", { data: found.published + job });
        return refresh();
      }
      const bar = $("progress", card);
      if (bar && found.done === null) bar.removeAttribute("value");
      else if (bar) bar.value = found.done;
      const words = $("[data-part=text]", card);
      if (words) words.textContent = found.text;
    } catch (error) {
      if (error.status === 404) refresh();
    } finally {
      delete card.dataset.asked;
    }
  }
  setInterval(() => document.querySelectorAll("[data-job][data-running]").forEach(look), LOOK_EVERY);

  async function press(button) {
    const card = button.closest("[data-job]");
    button.disabled = true;
    try {
      if (button.dataset.does === "cancel") await ask("DELETE", place(card));
      else await ask("POST", `${place(card)}/${button.dataset.does}`);
    } catch (error) {
      if (error.status !== 404) alertIn(card, error.message);
      button.disabled = false;
      if (error.status !== 404) return;
    }
    refresh();
  }

  function alertIn(card, sentence) {
    const line = $(".refusal", card) || card.appendChild(Object.assign(document.createElement("p"), { className: "refusal problem" }));
    line.setAttribute("role", "alert");
    line.textContent = sentence;
  }

  township.jobs = { ask, refresh, alertIn, file };
  township.copied = copied;

  async function rebuild(button) {
    button.disabled = true;
    await ask("POST", "/rebuild").catch((error) => alertIn(button.parentElement, error.message));
    button.disabled = false;
    if ($(".jobs")) return refresh();
    township.go("/data" + (lang() === "zh" ? "" : "?lang=en"));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.choose) input.click();
    else if (button.dataset.stop && sending) sending.request && sending.request.abort();
    else if (button.dataset.does) press(button);
    else if (button.dataset.rebuild) rebuild(button);
    else if (button.dataset.copy) copy(button);
  });

  // ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.alias) return;
    event.preventDefault();
    const said = $("[role=status]", form);
    try {
      const found = await ask("POST", "/alias", { list: form.dataset.alias, word: form.dataset.word, code: $("select", form).value });
      said.textContent = "✓ " + found[lang()];
      form.classList.add("done");
      const again = document.getElementById("words-added");
      if (again) again.hidden = false;
    } catch (error) {
      said.textContent = "✗ " + error.message;
    }
  });

  async function copy(button) {
    const words = button.textContent;
    if (!await copied(button.dataset.copy)) return;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 1500);
  }

  // ── age ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  // How old the data is by the reader's clock, which the server must not know.
  new MutationObserver(() => {
    document.querySelectorAll("[data-since]:empty").forEach((place) => {
      const days = Math.floor((Date.now() - Date.parse(place.dataset.since)) / 86400000);
      place.textContent = days < 1 ? place.dataset.today : filled(place.dataset.days, { days });
    });
    if (sending && zone() && $(".sending", zone()).hidden) paint(); // the page was drawn anew
  }).observe(document.body, { childList: true, subtree: true });
})();
