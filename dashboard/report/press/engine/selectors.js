// The selectors plotly.js looks its own elements up by: names, classes, ids, attributes, :not() and :first-child, beneath or right beneath.
(function () {
  "use strict";
  const PART = /^([\w-]+|\*)|\.([\w-]+)|#([\w-]+)|\[([\w:-]+)(?:([*^]?=)["']?([^"'\]]*)["']?)?\]|:not\(([^)]*)\)|(:first-child)/y;
  const COMPARED = { "=": (own, value) => own === value, "^=": (own, value) => own.startsWith(value), "*=": (own, value) => own.includes(value) };
  const read = new Map(); // by their text: the same few come thousands of times

  function parsed(selector) {
    let lists = read.get(selector);
    if (!lists) {
      lists = selector.split(",").map((list) => list.trim().replace(/\s*>\s*/g, " >").split(/\s+/).map(step));
      read.set(selector, lists);
    }
    return lists;
  }

  // One step of a selector: what an element must be, and whether it must stand right beneath the step before.
  function step(text) {
    const isChild = text.startsWith(">");
    const rest = isChild ? text.slice(1) : text;
    const tests = [];
    PART.lastIndex = 0;
    for (let at = 0; at < rest.length; at = PART.lastIndex) {
      PART.lastIndex = at;
      const part = PART.exec(rest);
      if (!part) throw new Error(`selector ${text} cannot be read`);
      tests.push(test(part));
    }
    return { isChild, holds: (element) => tests.every((each) => each(element)) };
  }

  function test([, name, className, id, attribute, comparison, value, other, first]) {
    if (name) return name === "*" ? () => true : (element) => element.localName === name;
    if (className) return (element) => ` ${element.className} `.includes(` ${className} `);
    if (id) return (element) => element.id === id;
    if (other) return (element) => !matches(element, other);
    if (first) return (element) => element === element.parentNode?.children[0];
    if (!comparison) return (element) => element.hasAttribute(attribute);
    return (element) => COMPARED[comparison](element.getAttribute(attribute) ?? "", value);
  }

  function fulfils(element, steps, last) {
    if (element?.nodeType !== 1 || !steps[last].holds(element)) return false;
    if (last === 0) return true;
    if (steps[last].isChild) return fulfils(element.parentNode, steps, last - 1);
    for (let at = element.parentNode; at; at = at.parentNode) if (fulfils(at, steps, last - 1)) return true;
    return false;
  }

  const matches = (element, selector) => parsed(selector).some((steps) => fulfils(element, steps, steps.length - 1));

  // The elements beneath a node that match, in the order of the tree; no more than `most`.
  function selected(root, selector, most = Infinity) {
    const lists = parsed(selector);
    const found = [];
    (function walk(node) {
      for (const child of node.childNodes) {
        if (found.length === most) return;
        if (child.nodeType !== 1) continue;
        if (lists.some((steps) => fulfils(child, steps, steps.length - 1))) found.push(child);
        walk(child);
      }
    })(root);
    return found.slice(0, most);
  }

  Object.assign(press, { matches, selected });
})();
