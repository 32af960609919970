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
  for (const [key, chart] of Object.entries(page.charts)) {
    const place = document.querySelector(`#chart-${key} .chart`);
    const specification = { ...fitted(chart.specification, place.clientWidth), datasets: { rows: rows(chart.columns) } };
    vegaEmbed(place, specification, { ...options, downloadFileName: key }).then(
      () => place.setAttribute("data-drawn", ""),
      (error) => {
        place.textContent = `This chart could not be drawn: ${error.message}`;
        console.error(error);
      },
    );
  }
})();
