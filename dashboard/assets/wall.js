// 大屏: one screen after the other without a hand, full size, always on the newest build. Escape leaves.
(function () {
  "use strict";
  const isWall = () => new URLSearchParams(window.location.search).get("wall") === "1";
  const SETTLED = 1500; // charts are drawn by then
  const SMALLEST = 0.6;
  const LARGEST = 1.6;
  const STEP = 0.05;
  let timer = null;

  function turn() {
    clearTimeout(timer);
    document.body.toggleAttribute("data-wall", isWall());
    const screen = document.querySelector(".wall-screen");
    if (!isWall() || !screen) return;
    timer = setTimeout(() => window.township.go(screen.dataset.next), Number(screen.dataset.seconds) * 1000);
    fit();
    setTimeout(fit, SETTLED);
  }

  // Nobody can scroll a wall, and it is read from afar: words and tables are shown as large as their card holds, what is too much smaller.
  function fit() {
    for (const box of document.querySelectorAll(".wall-screen .card-box")) {
      const largest = box.querySelector(".chart, .plot, svg") ? 1 : LARGEST;
      let zoom = largest;
      do box.style.zoom = zoom; while (isCut(box) && (zoom -= STEP) >= SMALLEST);
    }
  }
  const isCut = (box) => [box, ...box.querySelectorAll(".table-box")].some(
    (part) => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1,
  );

  new MutationObserver(turn).observe(document.body, { attributes: true, attributeFilter: ["data-address"] });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isWall()) window.township.go("/");
  });
  window.addEventListener("popstate", turn);
  window.addEventListener("resize", fit);
})();
