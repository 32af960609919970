"use strict";
(() => {
  const page = JSON.parse(document.getElementById("chart-data").textContent);
  const rows = (columns) => {
    const named = Object.entries(columns).map(([name, key]) => [name, page.columns[key]]);
    const length = named.length ? named[0][1].length : 0;
    return Array.from({ length }, (_, row) => Object.fromEntries(named.map(([name, values]) => [name, values[row]])));
  };
  const options = {
    ast: true,
    renderer: "svg",
    actions: { export: true, source: false, compiled: false, editor: false },
  };
  const legendColumnWidth = 290;
  const fitted = (specification, width) => {
    const legend = { ...specification.config.legend, columns: Math.max(1, Math.floor(width / legendColumnWidth)) };
    return { ...specification, config: { ...specification.config, legend } };
  };
  const padding = 10;
  const resized = (view, ratio) => ({
    ...view,
    ...(view.width && { width: ratio * view.width }),
    ...(view.projection && {
      height: ratio * view.height,
      projection: {
        ...view.projection,
        scale: ratio * view.projection.scale,
        translate: view.projection.translate.map((pixels) => ratio * pixels),
      },
    }),
    ...(view.vconcat && { vconcat: view.vconcat.map((part) => resized(part, ratio)) }),
  });
  const widthOf = (view) => (view.vconcat ? Math.max(...view.vconcat.map(widthOf)) : view.width);
  const sideBySide = (specification, width) => {
    const { concat, spacing } = specification;
    if (!concat) return specification;
    const widths = concat.map(widthOf);
    const inOneRow = widths.reduce((sum, own) => sum + own, (concat.length - 1) * spacing);
    if (inOneRow + padding <= width) return specification;
    return { ...specification, columns: 1, concat: concat.map((view, n) => resized(view, (width - padding) / widths[n])) };
  };
  const fitAfterChoices = (view, parameters) => {
    for (const { name, bind } of parameters) if (bind) view.addSignalListener(name, () => view.resize().runAsync());
  };
  for (const [key, chart] of Object.entries(page.charts)) {
    const place = document.querySelector(`#chart-${key} .chart`);
    const width = place.clientWidth;
    const specification = sideBySide(fitted(chart.specification, width), width);
    const datasets = { ...specification.datasets, rows: rows(chart.columns) };
    vegaEmbed(place, { ...specification, datasets }, { ...options, downloadFileName: key }).then(
      ({ view }) => {
        if (specification.concat) fitAfterChoices(view, specification.params);
        place.setAttribute("data-drawn", "");
      },
      (error) => {
        place.textContent = `This chart could not be drawn: ${error.message}`;
        console.error(error);
      },
    );
  }
})();
