// A canvas that remembers what was painted and gives it as a drawing: heat maps stay vectors.
(function () {
  "use strict";
  class Painting {
    constructor() {
      this.fillStyle = "#000";
      this.painted = [];
    }

    fillRect(x, y, width, height) {
      this.painted.push([Math.min(x, x + width), Math.min(y, y + height), Math.abs(width), Math.abs(height), this.fillStyle]);
    }

    svg(width, height) {
      const cells = this.painted.map(([x, y, w, h, fill]) => `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}"/>`);
      const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"`;
      return `<svg xmlns="http://www.w3.org/2000/svg" ${size} shape-rendering="crispEdges">${cells.join("")}</svg>`;
    }
  }

  press.Painting = Painting;
})();
