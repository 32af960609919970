"use strict";
// Cells as polygons in EPSG:3413, drawn by deck.gl with an orthographic view: no tiles, no web mercator, no other host.

const { Deck, OrthographicView, SolidPolygonLayer, PathLayer, TextLayer } = globalThis.deck;
const MAX_OUTLINED = 5000;
const MAX_SMOOTHED = 20000; // of more cells, edges are finer than pixels, and smoothing them is slow without a graphics card
const CLICK_PX = 4;
const HOVERED = "#000000";
const SELECTED = "#0b5394";
const DIM_ALPHA = 36;

const element = (id) => document.getElementById(id);
const tell = (type, content) => parent.postMessage({ isStreamlitMessage: true, type, ...content }, "*");

const held = new Map(); // arrays that were sent, by key
let drawing = null;
let shown = null;
let selected = new Set();
let version = null;
let viewState = null;
let isWhole = true;
let waiting = 0;
let drawnSize = null;
let hovered = null;
let pressed = null;
let boxBegin = null;

/** Keep what is sent, and nothing that is not shown; whether all that is shown is there. */
function keep(args) {
  const keys = new Set(Object.values(args.keys));
  for (const key of keys) if (args[key]) held.set(key, args[key].slice().buffer);
  for (const key of held.keys()) if (!keys.has(key)) held.delete(key);
  return held.size === keys.size;
}

function adopt(args) {
  const { keys } = args;
  const array = (Type, name) => new Type(held.get(keys[name]));
  const isOther = !shown || shown.keys.vertices !== keys.vertices;
  const outlines = isOther
    ? new Outlines(array(Float32Array, "vertices"), array(Uint32Array, "starts"), array(Uint32Array, "owners"), args.n_cells, args.bounds)
    : shown.outlines;
  const isSame = shown && coloursKey(shown) === coloursKey(args);
  const places = array(Uint8Array, "places"), lit = array(Uint8Array, "lit");
  shown = {
    ...args,
    outlines,
    lit,
    polygons: isSame ? shown.polygons : outlines.polygons(coloursOf(args.palette, places, lit)),
    cellIds: array(BigInt64Array, "cell_ids"),
    facts: args.facts.map((fact, i) => ({ ...fact, values: array(Float32Array, `fact ${i}`) })),
  };
  if (version !== args.version) {
    version = args.version;
    selected = new Set(args.selected);
  }
  if (isOther) { isWhole = true; tellChosen(); }
}

const coloursKey = ({ keys, palette }) => [keys.vertices, keys.places, keys.lit, ...palette].join();

/** Red, green, blue and opacity of every cell, a byte each. */
function coloursOf(palette, places, lit) {
  const bytes = palette.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
  const [dim, full] = [DIM_ALPHA, 255].map((alpha) => new Uint32Array(Uint8Array.from(bytes.flatMap((rgb) => [...rgb, alpha])).buffer));
  return Uint32Array.from(places, (place, cell) => (lit[cell] ? full : dim)[place]);
}

function size() {
  return [element("map").clientWidth || 1, element("map").clientHeight || 1];
}

function wholeView() {
  const [left, bottom, right, top] = shown.bounds;
  const [width, height] = size();
  const zoom = Math.log2(Math.min(width / (right - left), height / (top - bottom)) * 0.95);
  return { target: [(left + right) / 2, (bottom + top) / 2, 0], zoom, minZoom: zoom - 2, maxZoom: zoom + 12 };
}

function cellsLayer() {
  return new SolidPolygonLayer({
    id: "cells",
    data: shown.polygons,
    _normalize: false,
    positionFormat: "XY",
  });
}

function viewport() {
  return drawing.getViewports()[0];
}

/** Selected and pointed-at cells, on a canvas of their own: the cells below need not be drawn again. */
function drawOver() {
  const canvas = element("over");
  const [width, height] = size();
  const ratio = globalThis.devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  outline(pen, selected.size <= MAX_OUTLINED ? selected : new Set(), SELECTED, 2.5);
  outline(pen, new Set(hovered === null ? [] : [hovered]), HOVERED, 1.5);
}

function outline(pen, cells, colour, width) {
  if (!cells.size || !drawing || !viewport()) return;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const ring of shown.outlines.ringsOf(cells)) {
    ring.forEach((point, i) => {
      const [x, y] = viewport().project(point);
      if (i) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
  }
  pen.stroke();
}

function graticuleLayers() {
  const { lines, names } = shown.graticule;
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

/** Draw in the next frame, once, and not before the map has its height: drawing may take long. */
function draw() {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => {
    if (innerHeight >= shown.height_px || drawing) drawNow();
  });
}

function drawNow() {
  const [width, height] = size();
  drawnSize = size().join();
  if (isWhole) viewState = wholeView();
  const props = {
    width,
    height,
    layers: [cellsLayer(), ...graticuleLayers()],
    viewState,
    controller: boxBegin === null && element("box").getAttribute("aria-pressed") === "false",
  };
  if (drawing) { drawing.setProps(props); return; }
  drawing = new Deck({
    parent: element("map"),
    views: new OrthographicView({ flipY: false }),
    onViewStateChange: (change) => { viewState = change.viewState; isWhole = false; point(null); draw(); },
    onAfterRender: () => { drawOver(); document.body.dataset.drawn = shown.keys.vertices; document.body.dataset.colours = coloursKey(shown); },
    getCursor: ({ isDragging }) => (isDragging ? "grabbing" : "default"),
    deviceProps: { type: "webgl", webgl: { antialias: shown.n_cells <= MAX_SMOOTHED } },
    ...props,
  });
  globalThis.polarMap = drawing;
}

function cellAt(place) {
  return shown && drawing && viewport() ? shown.outlines.cellAt(viewport().unproject(place)) : null;
}

const spellId = (cell) => shown.cellIds[cell].toString(shown.id_base);

function spell(fact, cell) {
  const value = fact.values[cell];
  if (Number.isNaN(value)) return "unknown";
  if (fact.categories) return fact.categories[value];
  return `${Number((value * fact.factor).toPrecision(3))}${fact.unit ? ` ${fact.unit}` : ""}`;
}

function point(cell, [x, y] = [0, 0]) {
  if (cell !== hovered) {
    hovered = cell;
    drawOver();
  }
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
  const isRight = x > width / 2, isLow = y > height / 2;
  told.style.left = `${Math.max(4, isRight ? x - 14 - told.offsetWidth : x + 14)}px`;
  told.style.top = `${Math.max(4, isLow ? y - 14 - told.offsetHeight : y + 14)}px`;
}

function choose(cell, adds) {
  if (cell === null) return;
  if (!adds) selected = selected.has(cell) && selected.size === 1 ? new Set() : new Set([cell]);
  else if (!selected.delete(cell)) selected.add(cell);
  tellSelected();
}

function tellSelected() {
  drawOver();
  tellChosen();
}

function tellChosen() {
  tell("streamlit:setComponentValue", { value: { selected: [...selected], holds: [...held.keys()] }, dataType: "json" });
}

function chooseBox(begin, end) {
  const [a, b] = [viewport().unproject(begin), viewport().unproject(end)];
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [bottom, top] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  selected = new Set([...shown.outlines.cellsIn(left, bottom, right, top)].filter((cell) => shown.lit[cell]));
  tellSelected();
}

function place(event) {
  const bounds = element("map").getBoundingClientRect();
  return [event.clientX - bounds.left, event.clientY - bounds.top];
}

const distance = ([x0, y0], [x1, y1]) => Math.hypot(x1 - x0, y1 - y0);

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
  element("whole").onclick = () => { isWhole = true; draw(); };
  map.addEventListener("pointerdown", (event) => {
    pressed = place(event);
    if (element("box").getAttribute("aria-pressed") === "false") return;
    event.stopPropagation();
    boxBegin = pressed;
    map.setPointerCapture(event.pointerId);
  }, true);
  map.addEventListener("pointermove", (event) => {
    if (boxBegin) { event.stopPropagation(); stretch(boxBegin, place(event)); }
    else if (!event.buttons) point(cellAt(place(event)), place(event));
  }, true);
  map.addEventListener("pointerup", (event) => {
    const begin = boxBegin;
    if (begin) {
      event.stopPropagation();
      boxBegin = null;
      element("rubber").hidden = true;
      setBox(false);
      chooseBox(begin, place(event));
    } else if (pressed && distance(pressed, place(event)) <= CLICK_PX) {
      const cell = cellAt(place(event));
      point(cell, place(event));
      choose(cell, event.shiftKey || event.ctrlKey || event.metaKey);
    }
    pressed = null;
  }, true);
  map.addEventListener("pointerleave", () => point(null));
  new ResizeObserver(() => { if (shown && size().join() !== drawnSize) draw(); }).observe(map);
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
  if (!keep(data.args)) { tellChosen(); return; }
  const before = shown && coloursKey(shown);
  adopt(data.args);
  if (before !== coloursKey(shown)) draw();
  else drawOver();
});

listen();
tell("streamlit:componentReady", { apiVersion: 1 });
