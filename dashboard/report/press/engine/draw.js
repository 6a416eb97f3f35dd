// A chart as an SVG drawing, in three steps so that promises are kept in between: begin, turn until it is false, finish.
(function () {
  "use strict";
  let chart = null;

  press.start = function (figure, width, height, locale) {
    press.begin();
    const place = document.createElement("div");
    place.place = { width, height };
    document.body.appendChild(place);
    chart = { place, drawn: false, failed: null };
    const layout = { ...figure.layout, width, height };
    Plotly.newPlot(place, figure.data, layout, { staticPlot: true, locale }).then(
      () => { chart.drawn = true; },
      (error) => { chart.failed = error; },
    );
  };

  press.finish = function () {
    const { place, drawn, failed } = chart;
    try {
      if (failed) throw failed;
      if (!drawn) throw new Error("the chart was never finished");
      if (press.said.length) throw new Error(press.said.join("; "));
      return Plotly.Snapshot.toSVG(place, "svg");
    } finally {
      Plotly.purge(place);
      place.remove();
    }
  };
})();
