// 大屏: one screen after the other without a hand, full size, always on the newest build. Escape leaves.
(function () {
  "use strict";
  const isWall = () => new URLSearchParams(window.location.search).get("wall") === "1";
  let timer = null;

  function turn() {
    clearTimeout(timer);
    document.body.toggleAttribute("data-wall", isWall());
    const screen = document.querySelector(".wall-screen");
    if (!isWall() || !screen) return;
    timer = setTimeout(() => window.township.go(screen.dataset.next), Number(screen.dataset.seconds) * 1000);
  }

  new MutationObserver(turn).observe(document.body, { attributes: true, attributeFilter: ["data-address"] });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isWall()) window.township.go("/");
  });
  window.addEventListener("popstate", turn);
})();
