// An element's own style, in the order in which it was set.
(function () {
  "use strict";
  const dashed = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

  class Style {
    constructor() { this.values = new Map(); }
    getPropertyValue(name) { return this.values.get(name) ?? ""; }

    setProperty(name, value) {
      if (value === "" || value === null || value === undefined) this.values.delete(name);
      else this.values.set(name, String(value));
    }

    removeProperty(name) { this.values.delete(name); }
    get cssText() { return [...this.values].map(([name, value]) => `${name}: ${value};`).join(" "); }

    set cssText(text) {
      this.values.clear();
      for (const [, name, value] of text.matchAll(/([\w-]+)\s*:\s*((?:"[^"]*"|'[^']*'|\([^)]*\)|[^;])*)/g)) this.values.set(name, value.trim());
    }
  }

  // style.fontFamily is style.getPropertyValue("font-family").
  const NAMED = {
    get: (style, name) => (name in style ? bound(style, name) : style.getPropertyValue(dashed(name))),
    set(style, name, value) {
      if (name === "cssText") style.cssText = value;
      else style.setProperty(dashed(name), value);
      return true;
    },
  };
  const bound = (style, name) => (typeof style[name] === "function" ? style[name].bind(style) : style[name]);

  press.style = () => new Proxy(new Style(), NAMED);
})();
