// What every chart shares: the template of the theme (the server sends figures without one), and marks that are links.
// A mark's customdata is the address of the cases behind it, or a list whose first item is.
(function () {
  "use strict";
  const templates = JSON.parse(document.getElementById("chart-templates").textContent);
  window.township.templates = templates;
  const { react, newPlot, relayout } = window.Plotly;

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

  function themed(draw) {
    return function (gd, figure, layout, config) {
      return nearView(gd, () => {
        const drawn = Array.isArray(figure)
          ? draw(gd, figure, dressed(layout), config)
          : draw(gd, { ...figure, layout: dressed(figure.layout) });
        return drawn.then(linked);
      });
    };
  }

  // A chart below the fold is drawn when it is nearly in sight: what the reader looks at is there first.
  const waiting = new Map();
  const sight = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => release(e.target)), { rootMargin: "400px 0px" });
  function nearView(gd, draw) {
    for (const gone of waiting.keys()) if (!gone.isConnected) waiting.delete(gone);
    const box = gd.getBoundingClientRect();
    if (box.top < window.innerHeight + 400 && box.bottom > -400) {
      waiting.delete(gd);
      return draw();
    }
    return new Promise((done) => {
      const earlier = waiting.get(gd);
      waiting.set(gd, () => draw().then((found) => { earlier?.done(found); done(found); return found; }));
      waiting.get(gd).done = done;
      sight.observe(gd);
    });
  }
  function release(gd) {
    sight.unobserve(gd);
    const draw = waiting.get(gd);
    waiting.delete(gd);
    return draw ? draw() : null;
  }
  window.township.drawAll = () => Promise.all([...waiting.keys()].map(release));

  window.Plotly.react = themed(react);
  window.Plotly.newPlot = themed(newPlot);
  window.addEventListener("township-theme", (event) => {
    dress(event.detail);
  });
  window.addEventListener("beforeprint", () => { window.township.drawAll(); dress("print"); });
  window.addEventListener("afterprint", () => dress(window.township.theme()));

  function dress(name) {
    document.querySelectorAll(".js-plotly-plot").forEach((gd) => relayout(gd, { template: templates[name] }));
  }
})();
