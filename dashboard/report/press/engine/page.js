// The window plotly.js believes to run in: no clock, no chance, no network; what it schedules is run when it is asked for.
(function () {
  "use strict";
  const page = globalThis;
  const document = new press.Document();
  let waiting = [];
  let now = 0;
  let seed = 1;

  Object.assign(page, {
    window: page,
    self: page,
    document,
    Element: press.Element,
    SVGElement: press.Element,
    HTMLElement: press.Element,
    DOMParser: class {},
    XMLSerializer: class { serializeToString(node) { return press.written(node); } },
    getComputedStyle: (element) => ({ getPropertyValue: (name) => press.inherited(element, name, "") }),
    navigator: { userAgent: "press", language: "" },
    location: { href: "about:blank" },
    devicePixelRatio: 1,
    addEventListener() {},
    removeEventListener() {},
    setTimeout: (job) => waiting.push(job),
    requestAnimationFrame: (job) => waiting.push(job),
    setInterval() { throw new Error("nothing may go on for ever on paper"); },
    clearTimeout() {},
    cancelAnimationFrame() {},
    performance: { now: () => now },
  });

  // plotly.js says what it could not do on the console.
  press.said = [];
  const say = (...words) => press.said.push(words.join(" "));
  page.console = { log() {}, info() {}, debug() {}, warn: say, error: say, trace() {} };

  // plotly.js takes the ids of its clip paths from it: the same for the same chart.
  Math.random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };

  press.begin = function () {
    waiting = [];
    now = 0;
    seed = 1;
    press.said.length = 0;
  };

  // Runs what is scheduled; false when nothing was.
  press.turn = function () {
    const jobs = waiting;
    waiting = [];
    now += 50;
    jobs.forEach((job) => job(now));
    return jobs.length > 0;
  };
})();
