// What a card does by itself: its definition, its table twin, its downloads, its chart as a picture; and the notice of a new build.
(function () {
  "use strict";
  const township = window.township;
  const vocabulary = JSON.parse(document.getElementById("card-words").textContent);
  const words = () => vocabulary[document.documentElement.lang === "en" ? "en" : "zh"];

  async function fetched(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  function panel(details) {
    let found = details.querySelector(".pop");
    if (!found) {
      found = document.createElement("div");
      found.className = "pop";
      details.append(found);
    }
    return found;
  }

  // ⓘ
  async function define(details) {
    const box = panel(details);
    if (box.childElementCount) return;
    try {
      box.innerHTML = await fetched("/definition/" + encodeURIComponent(details.dataset.definition) + window.location.search);
    } catch {
      box.textContent = words().failed;
    }
  }

  // ⋯
  const address = (kind, id) => `/exhibit/${kind}/${encodeURIComponent(id)}${window.location.pathname}${window.location.search}`;

  function offer(details) {
    const card = details.closest("[data-exhibit]");
    const box = panel(details);
    const id = card.dataset.exhibit;
    const items = [];
    const button = (act, label) => {
      const made = document.createElement("button");
      made.type = "button";
      made.dataset.act = act;
      made.textContent = label;
      items.push(made);
    };
    const link = (kind) => {
      const made = document.createElement("a");
      made.href = address(kind, id);
      made.download = "";
      made.textContent = words()[kind];
      items.push(made);
    };
    button("table", card.querySelector(".twin") ? words().no_table : words().table);
    link("xlsx");
    link("csv");
    if (card.querySelector(".js-plotly-plot")) ["png", "svg"].forEach((kind) => button(kind, words()[kind]));
    box.replaceChildren(...items);
  }

  async function twin(card) {
    const open = card.querySelector(".twin");
    if (open) return open.remove();
    const box = document.createElement("div");
    box.className = "twin table-box";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", card.querySelector("h2").textContent);
    card.append(box);
    try {
      box.innerHTML = await fetched(address("html", card.dataset.exhibit));
    } catch {
      box.textContent = words().failed;
    }
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }

  // The picture says what it shows: title above, period and as-of below, on white. With small multiples, the chart pressed first.
  async function picture(card, format) {
    const gd = card.querySelector(".js-plotly-plot");
    const title = card.querySelector("h2").textContent;
    const note = card.querySelector(".card-note")?.textContent || "";
    const period = document.querySelector(".page-head .soft")?.textContent || "";
    const chips = [...document.querySelectorAll(".chips .chip span")].map((chip) => chip.textContent).join(" ");
    const as_of = `${words().as_of} ${document.body.dataset.asOf || ""}`;
    const { width, height } = gd.getBoundingClientRect();
    const margin = gd.layout.margin || {};
    const layout = {
      ...gd.layout,
      template: township.templates.print,
      paper_bgcolor: "#ffffff",
      plot_bgcolor: "#ffffff",
      width: Math.max(width, 640),
      height: height + 92,
      margin: { ...margin, t: (margin.t ?? 10) + 56, b: (margin.b ?? 8) + 34 },
      title: { text: title, x: 0, xref: "container", xanchor: "left", pad: { l: 12 }, y: 1, yref: "container", yanchor: "top", font: { size: 17 },
        automargin: false, subtitle: { text: note.slice(0, 90), font: { size: 12, color: "#5c6978" } } },
      annotations: [...(gd.layout.annotations || []), { text: [period, chips, as_of].filter(Boolean).join("　"), xref: "paper", yref: "paper", x: 0, y: 0,
        xanchor: "left", yanchor: "top", yshift: -(margin.b ?? 8) - 14, showarrow: false, font: { size: 11, color: "#5c6978" } }],
    };
    layout.title.pad.t = 12;
    const url = await window.Plotly.toImage({ data: gd.data, layout, config: { locale: document.documentElement.lang } },
      { format, width: layout.width, height: layout.height, scale: format === "png" ? 3 : 1 });
    const link = document.createElement("a");
    link.href = url;
    link.download = `${title}_${period}.${format}`.replace(/[\\/:*?"<>|\s]+/g, " ");
    link.click();
  }

  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (!details.matches || !details.open) return;
    if (details.matches("details.info")) define(details);
    if (details.matches("details.listed")) details.querySelectorAll("a").forEach((link) => (link.href = `/cases.${link.dataset.kind}${window.location.search}`));
    else if (details.matches("details.tools")) offer(details);
  }, true);

  document.addEventListener("click", (event) => {
    const act = event.target.closest(".tools [data-act]");
    const press = event.target.closest(".tools .pop > *");
    if (!press) return;
    press.closest("details").removeAttribute("open");
    const card = press.closest("[data-exhibit]");
    if (!act) return;
    if (act.dataset.act === "table") twin(card);
    else picture(card, act.dataset.act);
  });

  // A build published while the page is open is offered, never forced on the reader.
  const EVERY = 30000;
  async function listen() {
    if (document.hidden || !document.body.dataset.build) return;
    const answer = await fetch("/build", { cache: "no-store" }).catch(() => null);
    if (!answer || answer.status !== 200) return;
    const news = await answer.json();
    const bar = document.getElementById("news-bar");
    if (news.build === document.body.dataset.build) return bar?.remove();
    if (document.body.hasAttribute("data-wall")) return window.dash_clientside.set_props("news", { data: news.build });
    if (bar) return;
    const made = document.createElement("div");
    made.id = "news-bar";
    made.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words().refresh;
    button.addEventListener("click", () => {
      made.remove();
      window.dash_clientside.set_props("news", { data: news.build });
    });
    made.append(`${words().news} ${news.as_of} `, button);
    document.body.append(made);
  }
  township.listen = listen;
  setInterval(listen, EVERY);
  document.addEventListener("visibilitychange", listen);
})();
