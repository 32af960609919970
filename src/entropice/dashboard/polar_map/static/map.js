"use strict";
// Cells as polygons in EPSG:3413, drawn by deck.gl with an orthographic view: no tiles, no web mercator, no other host.

const { Deck, OrthographicView, SolidPolygonLayer, PathLayer, TextLayer } = globalThis.deck;
const MAX_OUTLINED = 5000;
const CLICK_MS = 1000; // a slow machine takes time to see the button released
const SELECTED = [11, 83, 148, 255];

const element = (id) => document.getElementById(id);
const tell = (type, content) => parent.postMessage({ isStreamlitMessage: true, type, ...content }, "*");

let drawing = null;
let shown = null;
let selected = new Set();
let version = null;
let viewState = null;
let isWhole = true;
let boxBegin = null;

const array = (Type, bytes) => new Type(bytes.slice().buffer);

function outlinesOf(args) {
  const vertices = array(Float32Array, args.vertices);
  const starts = array(Uint32Array, args.starts);
  const owners = array(Uint32Array, args.owners);
  const centres = new Float32Array(2 * args.n_cells);
  for (let part = owners.length - 1; part >= 0; part--) {
    const first = starts[part], last = starts[part + 1] - 1;
    let x = 0, y = 0;
    for (let i = first; i < last; i++) { x += vertices[2 * i]; y += vertices[2 * i + 1]; }
    centres[2 * owners[part]] = x / (last - first);
    centres[2 * owners[part] + 1] = y / (last - first);
  }
  return { vertices, starts, owners, centres };
}

function adopt(args) {
  const isOther = !shown || shown.key !== args.outlines_key;
  const outlines = isOther ? outlinesOf(args) : shown.outlines;
  shown = {
    key: args.outlines_key,
    args,
    outlines,
    colours: args.colours,
    cellIds: array(BigInt64Array, args.cell_ids),
    facts: args.facts.map((fact, i) => ({ ...fact, values: array(Float32Array, args[`fact_${i}`]) })),
  };
  if (version !== args.version) {
    version = args.version;
    selected = new Set(args.selected);
  }
  if (isOther) { isWhole = true; viewState = wholeView(); }
}

function size() {
  return [element("map").clientWidth || 1, element("map").clientHeight || 1];
}

function wholeView() {
  const [left, bottom, right, top] = shown.args.bounds;
  const [width, height] = size();
  const zoom = Math.log2(Math.min(width / (right - left), height / (top - bottom)) * 0.95);
  return { target: [(left + right) / 2, (bottom + top) / 2, 0], zoom, minZoom: zoom - 2, maxZoom: zoom + 12 };
}

function cellsLayer() {
  const { vertices, starts, owners } = shown.outlines;
  const { colours } = shown;
  return new SolidPolygonLayer({
    id: "cells",
    data: { length: owners.length, startIndices: starts, attributes: { getPolygon: { value: vertices, size: 2 } } },
    _normalize: false,
    positionFormat: "XY",
    pickable: true,
    autoHighlight: true,
    highlightColor: [0, 0, 0, 60],
    getFillColor: (_, { index, target }) => {
      const at = 4 * owners[index];
      for (let i = 0; i < 4; i++) target[i] = colours[at + i];
      return target;
    },
    updateTriggers: { getFillColor: [colours] },
  });
}

function selectedLayer() {
  const { vertices, starts, owners } = shown.outlines;
  const paths = [];
  for (let part = 0; part < owners.length && paths.length < MAX_OUTLINED; part++) {
    if (selected.has(owners[part])) {
      const path = [];
      for (let i = starts[part]; i < starts[part + 1]; i++) path.push([vertices[2 * i], vertices[2 * i + 1]]);
      paths.push(path);
    }
  }
  const style = { widthUnits: "pixels", getWidth: 2.5, getColor: SELECTED, parameters: { depthCompare: "always" } };
  return new PathLayer({ id: "selected", data: paths, getPath: (path) => path, ...style });
}

function graticuleLayers() {
  const { lines, names } = shown.args.graticule;
  const grey = [90, 90, 100, 150];
  return [
    new PathLayer({ id: "graticule", data: lines, getPath: (line) => line, getColor: grey, getWidth: 1, widthUnits: "pixels" }),
    new TextLayer({
      id: "names", data: names, getPosition: (name) => name.at, getText: (name) => name.text, getSize: 12,
      getColor: [60, 60, 70, 255], characterSet: "auto", fontFamily: "system-ui, sans-serif",
      background: true, getBackgroundColor: [255, 255, 255, 190], backgroundPadding: [2, 0],
    }),
  ];
}

function draw() {
  const props = {
    layers: [cellsLayer(), ...graticuleLayers(), selectedLayer()],
    viewState,
    controller: boxBegin === null && element("box").getAttribute("aria-pressed") === "false",
  };
  if (drawing) { drawing.setProps(props); return; }
  drawing = new Deck({
    parent: element("map"),
    views: new OrthographicView({ flipY: false }),
    onViewStateChange: (change) => { viewState = change.viewState; isWhole = false; element("told").hidden = true; draw(); },
    onHover: (info) => tellCell(info),
    onClick: (info, event) => choose(info, event),
    onAfterRender: () => { document.body.dataset.drawn = shown.args.outlines_key; document.body.dataset.colours = shown.args.colours_key; },
    eventRecognizerOptions: { click: { time: CLICK_MS } },
    getCursor: ({ isDragging, isHovering }) => (isDragging ? "grabbing" : isHovering ? "pointer" : "grab"),
    ...props,
  });
  globalThis.polarMap = drawing;
}

const ownerOf = (info) => (info.layer && info.layer.id === "cells" && info.index >= 0 ? shown.outlines.owners[info.index] : null);

const spellId = (cell) => shown.cellIds[cell].toString(shown.args.id_base);

function spell(fact, cell) {
  const value = fact.values[cell];
  if (Number.isNaN(value)) return "unknown";
  if (fact.categories) return fact.categories[value];
  return `${Number((value * fact.factor).toPrecision(3))}${fact.unit ? ` ${fact.unit}` : ""}`;
}

function tellCell(info) {
  const cell = ownerOf(info);
  const told = element("told");
  told.hidden = cell === null;
  if (cell === null) return;
  const name = document.createElement("b");
  name.textContent = spellId(cell);
  const lines = shown.facts.map((fact) => {
    const line = document.createElement("div");
    line.textContent = `${fact.title}: ${spell(fact, cell)}`;
    return line;
  });
  told.replaceChildren(name, ...lines);
  const [width, height] = size();
  told.style.left = `${Math.max(4, Math.min(info.x + 14, width - told.offsetWidth - 8))}px`;
  told.style.top = `${Math.max(4, Math.min(info.y + 14, height - told.offsetHeight - 8))}px`;
}

function choose(info, event) {
  const cell = ownerOf(info);
  const adds = event.srcEvent && (event.srcEvent.shiftKey || event.srcEvent.ctrlKey || event.srcEvent.metaKey);
  if (cell === null) return;
  if (!adds) selected = selected.has(cell) && selected.size === 1 ? new Set() : new Set([cell]);
  else if (!selected.delete(cell)) selected.add(cell);
  tellSelected();
}

function tellSelected() {
  draw();
  tell("streamlit:setComponentValue", { value: { selected: [...selected], of: shown.key }, dataType: "json" });
}

function chooseBox([x0, y0], [x1, y1]) {
  const viewport = drawing.getViewports()[0];
  const [a, b] = [viewport.unproject([x0, y0]), viewport.unproject([x1, y1])];
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [bottom, top] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  const { centres } = shown.outlines;
  selected = new Set();
  for (let cell = 0; cell < shown.args.n_cells; cell++) {
    const x = centres[2 * cell], y = centres[2 * cell + 1];
    if (x >= left && x <= right && y >= bottom && y <= top && shown.colours[4 * cell + 3] > shown.args.dim_alpha) selected.add(cell);
  }
  tellSelected();
}

function place(event) {
  const bounds = element("map").getBoundingClientRect();
  return [event.clientX - bounds.left, event.clientY - bounds.top];
}

function stretch(begin, end) {
  const rubber = element("rubber");
  rubber.hidden = false;
  rubber.style.left = `${Math.min(begin[0], end[0])}px`;
  rubber.style.top = `${Math.min(begin[1], end[1])}px`;
  rubber.style.width = `${Math.abs(end[0] - begin[0])}px`;
  rubber.style.height = `${Math.abs(end[1] - begin[1])}px`;
}

function setBox(isOn) {
  element("box").setAttribute("aria-pressed", String(isOn));
  element("map").style.touchAction = isOn ? "none" : "";
  draw();
}

function zoomTo(zoom) {
  isWhole = false;
  viewState = { ...viewState, zoom: Math.min(Math.max(zoom, viewState.minZoom), viewState.maxZoom) };
  draw();
}

function listen() {
  const map = element("map");
  element("box").onclick = () => setBox(element("box").getAttribute("aria-pressed") === "false");
  element("clear").onclick = () => { selected = new Set(); tellSelected(); };
  element("closer").onclick = () => zoomTo(viewState.zoom + 1);
  element("farther").onclick = () => zoomTo(viewState.zoom - 1);
  element("whole").onclick = () => { isWhole = true; viewState = wholeView(); draw(); };
  map.addEventListener("pointerdown", (event) => {
    if (element("box").getAttribute("aria-pressed") === "true") { event.stopPropagation(); boxBegin = place(event); map.setPointerCapture(event.pointerId); }
  }, true);
  map.addEventListener("pointermove", (event) => { if (boxBegin) { event.stopPropagation(); stretch(boxBegin, place(event)); } }, true);
  map.addEventListener("pointerup", (event) => {
    if (!boxBegin) return;
    event.stopPropagation();
    const begin = boxBegin;
    boxBegin = null;
    element("rubber").hidden = true;
    setBox(false);
    chooseBox(begin, place(event));
  }, true);
  map.addEventListener("pointerleave", () => { element("told").hidden = true; });
  new ResizeObserver(() => { if (shown && isWhole) { viewState = wholeView(); draw(); } }).observe(map);
}

function drawLegend({ title, entries }) {
  const heading = document.createElement("span");
  heading.className = "title";
  heading.textContent = title;
  const rows = entries.map(({ label, colour }) => {
    const row = document.createElement("span");
    const patch = document.createElement("i");
    patch.style.background = colour;
    row.append(patch, label);
    return row;
  });
  element("legend").replaceChildren(heading, ...rows);
}

function dress(theme) {
  if (!theme) return;
  document.documentElement.style.setProperty("--text", theme.textColor);
  document.documentElement.style.setProperty("--ground", theme.backgroundColor);
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent || data.type !== "streamlit:render") return;
  dress(data.theme);
  drawLegend(data.args.legend);
  tell("streamlit:setFrameHeight", { height: data.args.height_px });
  adopt(data.args);
  draw();
});

listen();
tell("streamlit:componentReady", { apiVersion: 1 });
