// The part of the DOM that plotly.js builds its drawings with: a tree of elements with attributes, styles and text.
(function () {
  "use strict";
  const HTML = "http://www.w3.org/1999/xhtml";

  class Node {
    constructor(nodeType, nodeName) {
      this.nodeType = nodeType;
      this.nodeName = nodeName;
      this.childNodes = [];
      this.parentNode = null;
    }

    get ownerDocument() { return this.nodeType === 9 ? null : document; }
    get firstChild() { return this.childNodes[0] ?? null; }
    get lastChild() { return this.childNodes.at(-1) ?? null; }
    get nextSibling() { return this.sibling(1); }
    get previousSibling() { return this.sibling(-1); }
    get children() { return this.childNodes.filter((child) => child.nodeType === 1); }

    sibling(step) {
      const all = this.parentNode?.childNodes;
      return all?.[all.indexOf(this) + step] ?? null;
    }

    appendChild(node) { return this.insertBefore(node, null); }

    insertBefore(node, before) {
      node.remove();
      this.childNodes.splice(before ? this.childNodes.indexOf(before) : this.childNodes.length, 0, node);
      node.parentNode = this;
      return node;
    }

    removeChild(node) {
      this.childNodes.splice(this.childNodes.indexOf(node), 1);
      node.parentNode = null;
      return node;
    }

    remove() { this.parentNode?.removeChild(this); }

    contains(node) {
      for (let at = node; at; at = at.parentNode) if (at === this) return true;
      return false;
    }

    get textContent() { return this.childNodes.map((child) => child.textContent).join(""); }

    set textContent(text) {
      [...this.childNodes].forEach((child) => child.remove());
      if (text) this.appendChild(new Text(text));
    }

    querySelectorAll(selector) { return press.selected(this, selector); }
    querySelector(selector) { return press.selected(this, selector, 1)[0] ?? null; }
    getElementsByTagName(name) { return this.querySelectorAll(name); }
    getElementsByClassName(name) { return this.querySelectorAll(`.${name}`); }

    // Nothing ever happens on paper.
    addEventListener() {}
    removeEventListener() {}
    dispatchEvent() {}
  }

  class Text extends Node {
    constructor(data) {
      super(3, "#text");
      this.data = String(data);
    }

    get textContent() { return this.data; }
    set textContent(text) { this.data = String(text); }
    get nodeValue() { return this.data; }
    set nodeValue(text) { this.data = String(text); }
    cloneNode() { return new Text(this.data); }
  }

  class Element extends Node {
    constructor(name, namespaceURI) {
      super(1, namespaceURI === HTML ? name.toUpperCase() : name);
      this.localName = name;
      this.tagName = this.nodeName;
      this.namespaceURI = namespaceURI;
      this.attributeMap = new Map();
    }

    get style() { return (this.ownStyle ??= press.style()); }

    getAttribute(name) { return name === "style" ? this.style.cssText || null : this.attributeMap.get(name) ?? null; }
    hasAttribute(name) { return this.getAttribute(name) !== null; }

    setAttribute(name, value) {
      if (name === "style") this.style.cssText = String(value);
      else this.attributeMap.set(name, String(value));
    }

    removeAttribute(name) {
      if (name === "style") this.style.cssText = "";
      else this.attributeMap.delete(name);
    }

    getAttributeNS(space, name) { return this.getAttribute(name); }
    setAttributeNS(space, name, value) { this.setAttribute(qualified(space, name), value); }
    removeAttributeNS(space, name) { this.removeAttribute(qualified(space, name)); }

    get id() { return this.getAttribute("id") ?? ""; }
    set id(id) { this.setAttribute("id", id); }
    get className() { return this.getAttribute("class") ?? ""; }
    set className(names) { this.setAttribute("class", names); }
    get classList() { return new ClassList(this); }

    set innerHTML(text) {
      if (/[<&]/.test(text)) throw new Error("plotly.js writes markup that cannot be read here");
      this.textContent = text;
    }

    get ownerSVGElement() {
      let at = this.parentNode;
      while (at && at.localName !== "svg") at = at.parentNode;
      return at;
    }

    cloneNode(deep) {
      const copy = document.createElementNS(this.namespaceURI, this.localName);
      for (const [name, value] of this.attributeMap) copy.setAttribute(name, value);
      copy.style.cssText = this.style.cssText;
      if (deep) this.childNodes.forEach((child) => copy.appendChild(child.cloneNode(true)));
      return copy;
    }

    matches(selector) { return press.matches(this, selector); }
    getBoundingClientRect() { return press.rectangle(this); }
  }

  class ClassList {
    constructor(element) { this.element = element; }
    get names() { return this.element.className.split(/\s+/).filter(Boolean); }
    contains(name) { return this.names.includes(name); }
    add(name) { this.element.className = [...new Set([...this.names, name])].join(" "); }
    remove(name) { this.element.className = this.names.filter((each) => each !== name).join(" "); }
  }

  class Canvas extends Element {
    getContext() { return (this.painting ??= new press.Painting()); }
    toDataURL() { return `data:image/svg+xml,${encodeURIComponent(this.getContext().svg(this.width, this.height))}`; }
  }

  class Document extends Node {
    constructor() {
      super(9, "#document");
      this.documentElement = this.appendChild(new Element("html", HTML));
      this.head = this.documentElement.appendChild(new Element("head", HTML));
      this.body = this.documentElement.appendChild(new Element("body", HTML));
    }

    get defaultView() { return globalThis; }
    createElement(name) { return this.createElementNS(HTML, name); }
    createElementNS(space, name) { return name === "canvas" ? new Canvas(name, HTML) : new Element(name, space); }
    createTextNode(text) { return new Text(text); }
    getElementById(id) { return this.querySelector(`#${id}`); }
  }

  const qualified = (space, name) => (space?.endsWith("xlink") && !name.includes(":") ? `xlink:${name}` : name);

  const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
  const escaped = (text) => text.replace(NOT_XML, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

  // The node as XML.
  function written(node) {
    if (node.nodeType === 3) return escaped(node.data);
    const styled = node.style.cssText;
    const attributes = [...node.attributeMap, ...(styled ? [["style", styled]] : [])];
    const start = node.localName + attributes.map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
    return node.childNodes.length ? `<${start}>${node.childNodes.map(written).join("")}</${node.localName}>` : `<${start}/>`;
  }

  Object.assign(press, { Element, Document, written });
})();
