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
    element.append(template.content);
    window.township.charts?.(element);
  }

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
