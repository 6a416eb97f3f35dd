// What every chart shares: the template of the theme (the server sends figures without one), and marks that are links.
// A mark's customdata is the address of the cases behind it, or a list whose first item is.
(function () {
  "use strict";
  const templates = JSON.parse(document.getElementById("chart-templates").textContent);
  window.township.templates = templates;
  const { react, relayout, purge } = window.Plotly;

  const dressed = (layout) => (document.body.hasAttribute("data-wall") ? enlarged(layout) : { ...layout, template: templates[window.township.theme()] });

  // On a wall everything is read from afar.
  const LARGER = 1.75;
  function enlarged(layout) {
    const grow = (font) => ({ ...font, size: (font?.size || 12) * LARGER });
    const template = structuredClone(templates[window.township.theme()]);
    template.layout.font = grow(template.layout.font);
    for (const axis of ["xaxis", "yaxis"]) template.layout[axis].tickfont = grow(template.layout[axis].tickfont);
    const annotations = (layout?.annotations || []).map((note) => ({ ...note, font: grow(note.font), xshift: (note.xshift || 0) * LARGER, yshift: (note.yshift || 0) * LARGER }));
    const margin = Object.fromEntries(Object.entries(layout?.margin || {}).map(([side, width]) => [side, width * LARGER]));
    return { ...layout, template, annotations, margin };
  }

  // A line over weeks has one address for all its points: meta.week with {from} and {to}.
  function weekOf(point) {
    const pattern = point.data.meta?.week;
    if (!pattern) return null;
    const monday = String(point.x).slice(0, 10);
    const sunday = new Date(Date.parse(monday) + 6 * 86400000).toISOString().slice(0, 10);
    return pattern.replace("{from}", monday).replace("{to}", sunday);
  }

  function linked(gd) {
    if (!gd.townshipLinked) {
      gd.townshipLinked = true;
      gd.on("plotly_click", (event) => {
        const point = event.points[0];
        const data = point.customdata ?? weekOf(point);
        const href = Array.isArray(data) ? data[0] : data;
        if (href) window.township.go(href, event.event);
      });
    }
    return gd;
  }

  // Plotly 7 offers a "Share chart" button that sends the chart's data to a cloud unless the first two are set.
  const CONFIG = {
    showSendToCloud: false, plotlyServerURL: "", displaylogo: false, displayModeBar: false, responsive: true, doubleClick: false, scrollZoom: false,
  };

  // What lists repeat is sent once (see components/folded.py).
  const WEEK = 7 * 86400000;
  function unfolded(node) {
    if (Array.isArray(node)) return node.map(unfolded);
    if (node === null || typeof node !== "object") return node;
    if (node.even) return Array.from({ length: node.even[2] }, (_, place) => Math.round((node.even[0] + place * node.even[1]) * 1e4) / 1e4);
    if (node.weeks) return Array.from({ length: node.weeks[1] }, (_, place) => new Date(Date.parse(node.weeks[0]) + place * WEEK).toISOString().slice(0, 10));
    if (node.alike) return texts(node);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, unfolded(value)]));
  }
  function texts({ alike, vary, wide }) {
    const columns = vary.map((column) => column.split("|"));
    const said = columns[0].map((_, place) => {
      const parts = columns.map((column) => column[place]);
      return parts.some(Boolean) ? alike[0] + parts.map((part, number) => part + alike[number + 1]).join("") : "";
    });
    return wide ? Array.from({ length: said.length / wide }, (_, row) => said.slice(row * wide, (row + 1) * wide)) : said;
  }

  function draw(gd) {
    const { data, layout } = unfolded(JSON.parse(gd.dataset.figure));
    return react(gd, data, dressed(layout), { ...CONFIG, locale: document.documentElement.lang }).then(linked).then(fitted);
  }

  function fitted(gd) {
    const { width, height } = gd.getBoundingClientRect();
    const drawn = gd._fullLayout;
    return drawn && height && (Math.abs(drawn.height - height) > 1 || Math.abs(drawn.width - width) > 1) ? window.Plotly.Plots.resize(gd) : gd;
  }

  // What the reader looks at is there first: a chart below the fold is drawn after the next frame, and only when it is nearly in sight.
  const waiting = new Set();
  const sight = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => release(e.target)), { rootMargin: "400px 0px" });
  function show(gd) {
    const box = gd.getBoundingClientRect();
    if (box.top < window.innerHeight && box.bottom > 0) {
      waiting.delete(gd);
      return draw(gd);
    }
    waiting.add(gd);
    sight.observe(gd);
    return null;
  }
  function release(gd) {
    sight.unobserve(gd);
    return waiting.delete(gd) && gd.isConnected ? draw(gd) : null;
  }
  window.township.drawAll = () => Promise.all([...waiting].map(release));

  // A chart that comes again, with other numbers, takes the place of its forerunner: redrawing is cheaper than drawing.
  const known = new Map();
  function keyOf(gd) {
    const card = gd.closest("[data-exhibit]");
    return card && `${window.location.pathname} ${card.dataset.exhibit} ${[...card.querySelectorAll(".plot")].indexOf(gd)}`;
  }
  function appear(gd) {
    const key = keyOf(gd);
    const before = key && known.get(key);
    let shown = gd;
    if (before && before !== gd && !before.isConnected && before._fullLayout) {
      before.dataset.figure = gd.dataset.figure;
      gd.replaceWith(before);
      shown = before;
    }
    if (key) known.set(key, shown);
    show(shown);
  }
  function each(node, act) {
    if (node.nodeType !== 1) return;
    if (node.matches(".plot")) act(node);
    node.querySelectorAll(".plot").forEach(act);
  }
  window.township.charts = (root) => root.querySelectorAll(".plot").forEach((gd) => { if (!gd.dataset.met) { gd.dataset.met = "1"; appear(gd); } });
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.removedNodes) each(node, (gd) => {
        if (gd.isConnected) return;
        sight.unobserve(gd);
        waiting.delete(gd);
        // Kept for a moment: the same chart may come back with the answer that is on its way.
        setTimeout(() => { if (!gd.isConnected && gd._fullLayout) { purge(gd); for (const [key, kept] of known) if (kept === gd) known.delete(key); } }, 4000);
      });
  }).observe(document.body, { childList: true, subtree: true });
  window.township.charts(document);

  window.addEventListener("township-theme", (event) => {
    dress(event.detail);
  });
  window.addEventListener("beforeprint", () => { window.township.drawAll(); dress("print"); });
  window.addEventListener("afterprint", () => dress(window.township.theme()));

  function dress(name) {
    document.querySelectorAll(".js-plotly-plot").forEach((gd) => relayout(gd, { template: templates[name] }));
  }
})();
