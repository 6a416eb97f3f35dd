// What is inside an element with data-html (see components/markup.py). React knows the element, not what is inside it.
(function () {
  "use strict";
  const placed = new WeakMap(); // element → the nodes put into it

  function fill(element) {
    const said = element.getAttribute("data-html");
    for (const node of placed.get(element) || []) node.remove();
    placed.delete(element);
    if (said === null) return;
    const template = document.createElement("template");
    template.innerHTML = said;
    placed.set(element, [...template.content.childNodes]);
    template.content.querySelectorAll(".spark").forEach(spark);
    template.content.querySelectorAll("summary[aria-label]").forEach((summary) => (summary.title = summary.ariaLabel));
    element.append(template.content);
    window.township.charts?.(element);
  }

  // A sparkline: 120 × 32, its points 26 at the most; where a value is missing the line goes on to the next.
  function spark(element) {
    const heights = element.dataset.points.split(" ");
    const step = 114 / Math.max(heights.length - 1, 1);
    const points = heights.map((h, place) => (h === "." ? "" : `${(3 + place * step).toFixed(1)} ${29 - Number(h)}`)).filter(Boolean);
    const [left, right] = [points[0], points[points.length - 1]].map((point) => point.split(" ")[0]);
    const line = points.join(" ");
    const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 120 32' preserveAspectRatio='none'><path d='M${left} 32 ${line} ${right} 32' fill-opacity='.13'/>` +
      `<path d='M${line}' fill='none' stroke='black' stroke-width='1.6' stroke-linejoin='round' vector-effect='non-scaling-stroke'/></svg>`;
    const mask = `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
    element.style.maskImage = mask;
    element.style.webkitMaskImage = mask;
  }

  // Plotly is fetched early and run late: only where there is a chart, and after the numbers are on screen.
  const { township } = window;
  const run = (src) => new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src, onload: done, onerror: failed });
    document.head.append(script);
  });
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  let loading = null;
  const ready = () => (loading ??= painted().then(() => run(document.body.dataset.plotly)).then(() => run(document.body.dataset.charts)));
  township.charts = (root) => { if (root.querySelector(".plot")) ready(); };
  township.drawAll = () => (document.querySelector(".plot") ? ready().then(() => township.drawAll()) : Promise.resolve());

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") fill(change.target);
      else
        for (const node of change.addedNodes) {
          if (node.nodeType !== 1) continue;
          if (node.hasAttribute("data-html") && !placed.has(node)) fill(node);
          node.querySelectorAll("[data-html]").forEach((inner) => { if (!placed.has(inner)) fill(inner); });
        }
    }
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-html"] });
})();
