// The Reports page: a form whose fields say which report is to be made, and a report that was chosen comes into sight.
(function () {
  "use strict";
  const { ask, refresh, alertIn } = window.township.jobs;

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.make) return;
    event.preventDefault();
    const wanted = { revise: form.dataset.revise === "1" };
    for (const name of ["week", "community", "lang"]) {
      const field = form.querySelector(`[data-field=${name}]`);
      wanted[name] = field ? field.value : form.dataset[name];
    }
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await ask("POST", form.dataset.make, wanted);
      refresh();
    } catch (error) {
      alertIn(form, error.message);
    }
    button.disabled = false;
  });

  // Pictures are fetched when the reader is near them.
  new MutationObserver(() => {
    document.querySelectorAll("img[data-lazy]").forEach((image) => {
      Object.assign(image, { loading: "lazy", src: image.dataset.lazy });
      image.removeAttribute("data-lazy");
    });
  }).observe(document.body, { childList: true, subtree: true });

  // On a telephone the report stands below the list: a press on a name must be seen to do something.
  let opens = false;
  document.addEventListener("click", (event) => { opens = !!event.target.closest("a[data-opens]") || (opens && !event.target.closest("a")); });
  new MutationObserver(() => {
    const report = opens && document.getElementById("report");
    if (!report || document.querySelector(`[data-opens][aria-current]`) === null) return;
    if (document.body.dataset.address !== window.location.pathname + window.location.search) return;
    opens = false;
    if (report.getBoundingClientRect().top > window.innerHeight * 0.7) report.scrollIntoView();
  }).observe(document.body, { childList: true, subtree: true });
})();
