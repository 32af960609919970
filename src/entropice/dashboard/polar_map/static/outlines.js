"use strict";
// Outlines of cells, and which one a point lies in: found by buckets, so that pointing at a cell draws nothing anew.

class Outlines {
  constructor(vertices, starts, owners, nCells, bounds) {
    Object.assign(this, { vertices, starts, owners, nCells });
    this.#bucket(bounds);
  }

  #bucket([left, bottom, right, top]) {
    this.nAcross = Math.ceil(Math.sqrt(this.owners.length));
    this.left = left;
    this.bottom = bottom;
    this.perX = this.nAcross / (right - left);
    this.perY = this.nAcross / (top - bottom);
    this.ends = new Uint32Array(this.nAcross ** 2 + 1);
    this.#everyPlace((bucket) => { this.ends[bucket + 1]++; });
    for (let bucket = 0; bucket < this.nAcross ** 2; bucket++) this.ends[bucket + 1] += this.ends[bucket];
    const next = this.ends.slice();
    this.rings = new Uint32Array(this.ends[this.nAcross ** 2]);
    this.#everyPlace((bucket, ring) => { this.rings[next[bucket]++] = ring; });
  }

  #everyPlace(visit) {
    for (let ring = 0; ring < this.owners.length; ring++) {
      const [left, bottom, right, top] = this.#boundsOf(ring);
      for (let row = this.#row(bottom); row <= this.#row(top); row++) {
        for (let column = this.#column(left); column <= this.#column(right); column++) visit(row * this.nAcross + column, ring);
      }
    }
  }

  #column(x) { return Math.min(Math.max(Math.floor((x - this.left) * this.perX), 0), this.nAcross - 1); }

  #row(y) { return Math.min(Math.max(Math.floor((y - this.bottom) * this.perY), 0), this.nAcross - 1); }

  #boundsOf(ring) {
    let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = this.starts[ring]; i < this.starts[ring + 1]; i++) {
      const x = this.vertices[2 * i], y = this.vertices[2 * i + 1];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < bottom) bottom = y;
      if (y > top) top = y;
    }
    return [left, bottom, right, top];
  }

  /** The cell that a point lies in, or null. */
  cellAt([x, y]) {
    const bucket = this.#row(y) * this.nAcross + this.#column(x);
    for (let i = this.ends[bucket]; i < this.ends[bucket + 1]; i++) {
      if (this.#holds(this.rings[i], x, y)) return this.owners[this.rings[i]];
    }
    return null;
  }

  #holds(ring, x, y) {
    let isInside = false;
    for (let i = this.starts[ring]; i + 1 < this.starts[ring + 1]; i++) {
      const x0 = this.vertices[2 * i], y0 = this.vertices[2 * i + 1], x1 = this.vertices[2 * i + 2], y1 = this.vertices[2 * i + 3];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) isInside = !isInside;
    }
    return isInside;
  }

  /** The cells with the middle of a ring in a box. */
  cellsIn(left, bottom, right, top) {
    const found = new Set();
    for (let ring = 0; ring < this.owners.length; ring++) {
      const [west, south, east, north] = this.#boundsOf(ring);
      const x = (west + east) / 2, y = (south + north) / 2;
      if (x >= left && x <= right && y >= bottom && y <= top) found.add(this.owners[ring]);
    }
    return found;
  }

  /** Each ring of some cells, as points. */
  *ringsOf(cells) {
    for (let ring = 0; ring < this.owners.length; ring++) {
      if (!cells.has(this.owners[ring])) continue;
      const points = [];
      for (let i = this.starts[ring]; i < this.starts[ring + 1]; i++) points.push([this.vertices[2 * i], this.vertices[2 * i + 1]]);
      yield points;
    }
  }
}

globalThis.Outlines = Outlines;
