"use strict";
// Outlines of cells, and which one a point lies in: found by buckets, so that pointing at a cell draws nothing anew.

class Outlines {
  constructor(vertices, starts, owners, nCells, bounds) {
    Object.assign(this, { vertices, starts, owners, nCells });
    this.bounds = bounds;
    this.triangles = triangulated(vertices, starts);
  }

  /** What deck.gl draws: it need neither cut the cells into triangles nor ask for the colour of each. */
  polygons(colours) {
    const { vertices, starts, owners, triangles } = this;
    const ofVertices = new Uint32Array(vertices.length / 2);
    owners.forEach((cell, ring) => ofVertices.fill(colours[cell], starts[ring], starts[ring + 1]));
    const attributes = {
      getPolygon: { value: vertices, size: 2 },
      indices: { value: triangles, size: 1 },
      getFillColor: { value: new Uint8Array(ofVertices.buffer), size: 4 },
    };
    return { length: owners.length, startIndices: starts, attributes };
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
    if (!this.ends) this.#bucket(this.bounds);
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

/** The corners of triangles that fill closed rings, three after three. */
function triangulated(vertices, starts) {
  const nRings = starts.length - 1;
  const corners = new Uint32Array(3 * (starts[nRings] - 3 * nRings));
  for (let ring = 0; ring < nRings; ring++) {
    const [begin, end] = [starts[ring], starts[ring + 1] - 1];
    const at = 3 * (begin - 3 * ring);
    if (isConvex(vertices, begin, end)) {
      for (let i = 0; i < end - begin - 2; i++) {
        corners[at + 3 * i] = begin;
        corners[at + 3 * i + 1] = begin + i + 1;
        corners[at + 3 * i + 2] = begin + i + 2;
      }
    } else corners.set(earsOf(vertices, begin, end).flat(), at);
  }
  return corners;
}

/** Positive where a path from a to b goes on to c by a turn to the left. */
function turn(vertices, a, b, c) {
  const x = vertices[2 * a], y = vertices[2 * a + 1];
  return (vertices[2 * b] - x) * (vertices[2 * c + 1] - y) - (vertices[2 * b + 1] - y) * (vertices[2 * c] - x);
}

function isConvex(vertices, begin, end) {
  const n = end - begin;
  let least = Infinity, most = -Infinity;
  for (let i = 0; i < n; i++) {
    const turned = turn(vertices, begin + i, begin + ((i + 1) % n), begin + ((i + 2) % n));
    least = Math.min(least, turned);
    most = Math.max(most, turned);
  }
  return least >= 0 || most <= 0;
}

/** Corners are cut off a ring, one after the other, where no other lies inside of what is cut off. */
function earsOf(vertices, begin, end) {
  const left = Array.from({ length: end - begin }, (_, place) => begin + place);
  const side = Math.sign(left.reduce((area, b, place) => area + turn(vertices, begin, b, left[place + 1] ?? begin), 0));
  const around = (place) => [left.at(place - 1), left[place], left[(place + 1) % left.length]];
  const isEar = (place) => {
    const [a, b, c] = around(place);
    const sides = [[a, b], [b, c], [c, a]];
    const isInside = (p) => sides.every(([from, to]) => side * turn(vertices, from, to, p) > 0);
    return side * turn(vertices, a, b, c) >= 0 && !left.some(isInside);
  };
  const ears = [];
  while (left.length >= 3) {
    const place = Math.max(0, left.findIndex((_, other) => isEar(other)));
    ears.push(around(place));
    left.splice(place, 1);
  }
  return ears;
}

globalThis.Outlines = Outlines;
