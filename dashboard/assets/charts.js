// What every chart shares: the template of the theme (the server sends figures without one), and marks that are links.
// A mark's customdata is the address of the cases behind it, or a list whose first item is.
(function () {
  "use strict";
  const templates = JSON.parse(document.getElementById("chart-templates").textContent);
  window.township.templates = templates;
  const { react, newPlot, relayout } = window.Plotly;

  const dressed = (layout) => ({ ...layout, template: templates[window.township.theme()] });

  function linked(gd) {
    if (!gd.townshipLinked) {
      gd.townshipLinked = true;
      gd.on("plotly_click", (event) => {
        const data = event.points[0].customdata;
        const href = Array.isArray(data) ? data[0] : data;
        if (href) window.township.go(href, event.event);
      });
    }
    return gd;
  }

  function themed(draw) {
    return function (gd, figure, layout, config) {
      const drawn = Array.isArray(figure)
        ? draw(gd, figure, dressed(layout), config)
        : draw(gd, { ...figure, layout: dressed(figure.layout) });
      return drawn.then(linked);
    };
  }

  window.Plotly.react = themed(react);
  window.Plotly.newPlot = themed(newPlot);
  window.addEventListener("township-theme", (event) => {
    dress(event.detail);
  });
  window.addEventListener("beforeprint", () => dress("print"));
  window.addEventListener("afterprint", () => dress(window.township.theme()));

  function dress(name) {
    document.querySelectorAll(".js-plotly-plot").forEach((gd) => relayout(gd, { template: templates[name] }));
  }
})();
