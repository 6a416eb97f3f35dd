// How wide and high text is: the advances of the shipped fonts (metrics.json) instead of a browser's layout.
(function () {
  "use strict";
  const { advances, ascent, descent } = press.metrics;
  const NO_WIDTH = "\u200b"; // plotly.js writes it around indices
  const IDENTITY = [1, 0, 0, 1, 0, 0];

  // Of an element or the nearest ancestor that says it, in its style or as an attribute.
  function inherited(element, name, otherwise) {
    for (let at = element; at?.nodeType === 1; at = at.parentNode) {
      const value = at.style.getPropertyValue(name) || at.getAttribute(name);
      if (value && value !== "inherit") return value;
    }
    return otherwise;
  }

  function fontSize(element) {
    const size = inherited(element, "font-size", "16px");
    if (!/^[\d.]+(px)?$/.test(size)) {
      // plotly.js writes 70% for an index, of the size around it.
      const share = /^([\d.]+)%$/.exec(size);
      if (!share) throw new Error(`font-size ${size} cannot be measured`);
      return (parseFloat(share[1]) / 100) * fontSize(element.parentNode);
    }
    return parseFloat(size);
  }

  function isBold(element) {
    const weight = inherited(element, "font-weight", "400");
    return weight.startsWith("bold") || parseFloat(weight) >= 600;
  }

  function width(text, size, bold) {
    const own = advances[bold ? "bold" : "regular"];
    let sum = 0;
    for (const character of text.replaceAll(NO_WIDTH, "")) sum += own[character] ?? 1; // what is not named is as wide as it is high
    return sum * size;
  }

  const length = (value, size) => (value === null ? 0 : parseFloat(value) * (value.endsWith("em") ? size : 1));

  // A line starts with the text and with each tspan that has a place of its own; other tspans go on in it.
  function lines(text) {
    const found = [];
    let line = null;
    function open(element, x, y) {
      const size = fontSize(element);
      line = { element, x: x + length(element.getAttribute("dx"), size), y: y + length(element.getAttribute("dy"), size), width: 0, ascent: 0, descent: 0 };
      found.push(line);
    }
    function read(element) {
      for (const child of element.childNodes) {
        if (child.nodeType === 3) write(element, child.data);
        else if (child.nodeType === 1) {
          if (startsLine(child)) open(child, length(child.getAttribute("x") ?? String(line.x), 0), length(child.getAttribute("y") ?? String(line.y), 0));
          read(child);
        }
      }
    }
    function write(element, characters) {
      if (!characters) return;
      const size = fontSize(element);
      line.width += width(characters, size, isBold(element));
      // As browsers round them.
      line.ascent = Math.max(line.ascent, Math.round(ascent * size));
      line.descent = Math.max(line.descent, Math.round(descent * size));
    }
    open(text, length(text.getAttribute("x"), 0), length(text.getAttribute("y"), 0));
    read(text);
    return found.filter((each) => each.width);
  }

  const startsLine = (tspan) => tspan.hasAttribute("x") || tspan.hasAttribute("y") || tspan.classList.contains("line");

  function textBox(text) {
    return union(
      lines(text).map((line) => {
        const anchor = inherited(line.element, "text-anchor", "start");
        const left = line.x - { start: 0, middle: line.width / 2, end: line.width }[anchor];
        return [left, line.y - line.ascent, left + line.width, line.y + line.descent];
      }),
    );
  }

  const SHAPES = {
    text: textBox,
    g: (group) => union([...group.children].map((child) => moved(box(child), matrix(child)))),
    // The only path plotly.js measures is the one that tells where its tester stands.
    path: () => [0, 0, 1, 1],
  };

  // [left, top, right, bottom] in the element's own coordinates; null where there is nothing to see.
  function box(element) {
    if (inherited(element, "display", "") === "none") return null;
    if (element.place) return [0, 0, element.place.width, element.place.height];
    const measured = SHAPES[element.localName];
    if (!measured) throw new Error(`a <${element.localName}> cannot be measured`);
    return measured(element);
  }

  function union(boxes) {
    const known = boxes.filter(Boolean);
    const side = (place, choose) => choose(...known.map((each) => each[place]));
    return known.length ? [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)] : null;
  }

  function moved(bounds, [a, b, c, d, e, f]) {
    if (!bounds) return null;
    const [left, top, right, bottom] = bounds;
    return union([[left, top], [right, top], [left, bottom], [right, bottom]].map(([x, y]) => [a * x + c * y + e, b * x + d * y + f, a * x + c * y + e, b * x + d * y + f]));
  }

  const times = ([a, b, c, d, e, f], [g, h, i, j, k, l]) => [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];

  const TRANSFORMS = {
    translate: ([x, y = 0]) => [1, 0, 0, 1, x, y],
    scale: ([x, y = x]) => [x, 0, 0, y, 0, 0],
    rotate([degrees, x = 0, y = 0]) {
      const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      return times(times([1, 0, 0, 1, x, y], [cos, sin, -sin, cos, 0, 0]), [1, 0, 0, 1, -x, -y]);
    },
  };

  function matrix(element) {
    const steps = (element.getAttribute("transform") || "").matchAll(/(\w+)\s*\(([^)]*)\)/g);
    return [...steps].reduce((all, [, name, numbers]) => times(all, TRANSFORMS[name](numbers.trim().split(/[\s,]+/).map(Number))), IDENTITY);
  }

  function placed(element) {
    let bounds = box(element);
    for (let at = element; at?.nodeType === 1; at = at.parentNode) bounds = moved(bounds, matrix(at));
    return bounds;
  }

  press.width = width;
  press.inherited = inherited;
  // As getBoundingClientRect gives it.
  press.rectangle = function (element) {
    const [left, top, right, bottom] = placed(element) ?? [0, 0, 0, 0];
    return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
  };
})();
