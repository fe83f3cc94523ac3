// Draws the options that the server has built (json_script beside each [data-chart]). ECharts itself is fetched only where a chart stands.
(() => {
  "use strict";
  const here = document.currentScript;
  const library = here.dataset.echarts || "/static/vendor/echarts.min.js";
  let loading = null;

  const load = () => {
    if (window.echarts) return Promise.resolve(window.echarts);
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = library;
      script.onload = () => resolve(window.echarts);
      script.onerror = () => reject(new Error(`cannot load ${library}`));
      document.head.append(script);
    });
    return loading;
  };

  const shown = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 4 });
  const number = (value) => shown.format(value).replace("-", "−");
  const escape = (text) => String(text ?? "").replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const line = (point) => `${point.marker ?? ""}${escape(point.seriesName)} <b>${escape(point.data?.text ?? "—")}</b>`;
  const functions = {
    number,
    item: (point) => `${escape(point.name)}<br><b>${escape(point.data?.text)}</b>`,
    axis: (points) => `${escape(points[0].axisValueLabel)}<br>${points.map(line).join("<br>")}`,
    flow: (point) => (point.dataType === "edge" ? `${escape(point.data.route)}<br><b>${escape(point.data.text)}</b>` : escape(point.data.value_label)),
    node: (point) => point.data.value_label,
    signed: (point) => (point.data.value ? point.data.short ?? point.data.text : ""),
    slice: (point) => `${point.name}\n${point.percent} %`,
    cell: (point) => `${escape(point.data.row)}<br><b>${escape(point.data.text)}</b>`,
  };

  // "token:x" is the colour (or font) --th-x of the style sheet, "fn:x" one of the functions above
  const fill = (part, style) => {
    if (typeof part === "string") {
      if (part.startsWith("token:")) return style.getPropertyValue(`--th-${part.slice(6)}`).trim() || style.color;
      if (part.startsWith("fn:")) return functions[part.slice(3)];
      return part;
    }
    if (Array.isArray(part)) return part.map((each) => fill(each, style));
    if (part && typeof part === "object") return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, fill(each, style)]));
    return part;
  };

  const optionOf = (element) => JSON.parse(document.getElementById(`${element.dataset.chart}-option`).textContent);

  const themed = (option, style) => ({
    ...fill(option, style),
    backgroundColor: "transparent",
    tooltip: option.tooltip && {
      ...fill(option.tooltip, style),
      backgroundColor: style.getPropertyValue("--th-surface").trim(),
      borderColor: style.getPropertyValue("--th-line").trim(),
      textStyle: { color: style.getPropertyValue("--th-text").trim(), fontSize: 12 },
    },
    legend: option.legend && { ...option.legend, textStyle: { color: style.getPropertyValue("--th-text").trim() } },
  });

  // On a telephone the bands of a Sankey get what room there is: narrower labels, and a gap as high as a line between nodes.
  const NARROW = 560;
  const narrowed = (option, element) =>
    element.clientWidth >= NARROW ? option : {
      ...option,
      series: option.series?.map((each) => each.type !== "sankey" ? each : {
        ...each, right: 104, nodeGap: 15, label: { ...each.label, width: 98, fontSize: 11 },
      }),
    };

  let printing = false;

  const draw = (element) => {
    window.echarts.getInstanceByDom(element)?.dispose();
    element.replaceChildren();
    const chart = window.echarts.init(element, null, { locale: "ZH", renderer: "canvas" });
    const option = narrowed(themed(optionOf(element), getComputedStyle(element)), element);
    chart.setOption(printing ? { ...option, animation: false } : option);
    if (printing) chart.getZr().flush();
    chart.on("click", (point) => point.data?.url && window.tanhengPanel?.open(point.data.url, element));
    element.dataset.drawn = "true";
    new ResizeObserver(() => !chart.isDisposed() && chart.resize()).observe(element);
  };

  const drawAll = async (root) => {
    const found = [...root.querySelectorAll("[data-chart]")];
    if (root.matches?.("[data-chart]")) found.unshift(root);
    if (!found.length) return;
    await load();
    found.filter((element) => element.isConnected).forEach(draw);
  };

  const save = (name, url) => {
    const link = document.createElement("a");
    link.download = name;
    link.href = url;
    link.click();
  };

  const fileName = (card) => (card.querySelector("[data-chart-title]")?.textContent ?? "chart").trim().replace(/[\\/:*?"<>|\s]+/g, "_");

  const savePicture = (card) => {
    const chart = window.echarts?.getInstanceByDom(card.querySelector("[data-chart]"));
    const surface = getComputedStyle(card).getPropertyValue("--th-surface").trim();
    if (chart) save(`${fileName(card)}.png`, chart.getDataURL({ pixelRatio: 2, backgroundColor: surface }));
  };

  // full precision where the cell holds a figure, its words otherwise
  const cell = (td) => td.querySelector("[data-value]")?.dataset.value ?? td.textContent.trim();
  // a spreadsheet takes these for formulas; our numbers are left as they are
  const harmless = (text) => (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text);
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  const saveTable = (card) => {
    const rows = [...card.querySelectorAll("[data-chart-table] tr")].map((tr) => [...tr.children].map((td) => quoted(harmless(cell(td)))).join(","));
    const url = URL.createObjectURL(new Blob([`\ufeff${rows.join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" }));
    save(`${fileName(card)}.csv`, url);
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  const turn = (card, button) => {
    const table = card.querySelector("[data-chart-table]");
    const picture = card.querySelector("[data-chart]");
    table.hidden = !table.hidden;
    picture.hidden = !table.hidden;
    button.setAttribute("aria-pressed", String(!table.hidden));
    if (!picture.hidden) draw(picture);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chart-do]");
    if (!button) return;
    const card = button.closest("[data-chart-card]");
    ({ table: turn, png: savePicture, csv: saveTable })[button.dataset.chartDo](card, button);
  });

  const start = () => drawAll(document.body);

  // paper is white: before printing a dark page its charts are drawn in the light colours, and back afterwards
  const theme = document.documentElement.dataset;
  let screen = null;
  const paper = (on) => {
    if (on === printing || (on && theme.bsTheme !== "dark")) return;
    printing = on;
    if (on) screen = theme.bsTheme;
    theme.bsTheme = on ? "light" : screen;
    if (window.echarts) document.querySelectorAll("[data-chart][data-drawn]").forEach(draw);
  };
  window.addEventListener("beforeprint", () => paper(true));
  window.addEventListener("afterprint", () => paper(false));
  window.matchMedia("print").addEventListener("change", (event) => paper(event.matches));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && drawAll(event.detail.elt));
  document.addEventListener("htmx:historyRestore", start);
  document.addEventListener("htmx:beforeCleanupElement", (event) => window.echarts?.getInstanceByDom(event.target)?.dispose());
  new MutationObserver(start).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
