// The cells as they stand on the page: where they are, what they hold, which are selected.

export class Cells {
  constructor(root, data) {
    this.root = root;
    this.facts = data.cells;
    this.editable = data.editable;
    this.rows = [...root.querySelectorAll("tbody tr")]
      .map(row => [...row.querySelectorAll("td.grid-cell, td.grid-none")])
      .filter(row => row.length);
    this.places = new Map();
    this.nodes = new Map();
    this.rows.forEach((row, r) => row.forEach((node, c) => {
      this.places.set(node, [r, c]);
      if (node.dataset.cell) this.nodes.set(node.dataset.cell, node);
    }));
    this.current = null;
    this.end = null;
    const first = root.querySelector("[data-cell]");
    if (first) first.tabIndex = 0;
  }

  has(id) { return this.nodes.has(id); }
  node(id) { return this.nodes.get(id); }
  text(id) { const fact = this.facts[id]; return fact.typed ?? fact.value; }

  // What a person typed stays in the cell until the server has answered.
  type(id, text) {
    this.facts[id].typed = text;
    const node = this.node(id);
    node.textContent = text;
    node.classList.add("is-pending");
    node.classList.remove("is-bad", "is-warn", "is-verified", "is-missing");
  }

  answered(id, answer) {
    const fact = Object.assign(this.facts[id], answer, { error: undefined });
    delete fact.typed;
    this.draw(id);
  }

  refused(id, reason, confirmable) {
    Object.assign(this.facts[id], { state: "bad", reason, confirmable });
    const node = this.node(id);
    node.classList.remove("is-pending", "is-warn", "is-verified");
    node.classList.add("is-bad");
    node.title = reason;
  }

  draw(id) {
    const fact = this.facts[id], node = this.node(id);
    node.textContent = fact.shown;
    node.title = fact.reason || "";
    node.classList.remove("is-pending", "is-bad", "is-warn", "is-verified", "is-missing");
    node.classList.toggle("has-note", Boolean(fact.note));
    if (fact.state) node.classList.add(`is-${fact.state}`);
    if (!fact.value && isQuantity(id)) node.classList.add("is-missing");
  }

  get missing() {
    return [...this.nodes.keys()].filter(id => isQuantity(id) && !this.facts[id].value).length;
  }

  focus(node, extend = false) {
    if (!node) return;
    if (!extend || !this.current) this.setCurrent(node);
    this.end = node;
    this.paint();
    this.current.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.showHint();
  }

  setCurrent(node) {
    if (this.current) { this.current.tabIndex = -1; this.current.classList.remove("is-current"); }
    this.root.querySelectorAll('[data-cell][tabindex="0"]').forEach(other => { other.tabIndex = -1; });
    this.current = node;
    node.tabIndex = 0;
    node.classList.add("is-current");
  }

  paint() {
    this.root.querySelectorAll(".is-selected").forEach(node => node.classList.remove("is-selected"));
    if (this.end !== this.current) this.selected().forEach(id => this.node(id).classList.add("is-selected"));
  }

  collapse() { this.end = this.current; this.paint(); }

  move(down, right, extend) {
    let [r, c] = this.places.get(extend ? this.end : this.current);
    for (;;) {
      r += down; c += right;
      const row = this.rows[r];
      if (!row) return;
      if (right && !row[c]) return;
      const node = row[Math.min(c, row.length - 1)];
      if (node.dataset.cell) return this.focus(node, extend);
    }
  }

  // Tab goes through the cells that are asked, row by row; at the end it leaves the grid.
  step(by) {
    const all = [...this.nodes.values()], next = all[all.indexOf(this.current) + by];
    if (!next) return false;
    this.focus(next);
    return true;
  }

  toEdge(side, whole = false) {
    const [r] = this.places.get(this.current);
    const nodes = whole ? [...this.nodes.values()] : this.rows[r].filter(node => node.dataset.cell);
    this.focus(side < 0 ? nodes[0] : nodes[nodes.length - 1]);
  }

  selectSection() {
    const nodes = [...this.current.closest("table").querySelectorAll("[data-cell]")];
    this.setCurrent(nodes[0]);
    this.focus(nodes[nodes.length - 1], true);
  }

  bounds() {
    const [r1, c1] = this.places.get(this.current), [r2, c2] = this.places.get(this.end ?? this.current);
    return [Math.min(r1, r2), Math.max(r1, r2), Math.min(c1, c2), Math.max(c1, c2)];
  }

  selected() {
    return this.block().flat().filter(Boolean).map(node => node.dataset.cell).filter(Boolean);
  }

  // The selected nodes row by row; a cell that is not asked stays in place.
  block() {
    const [top, bottom, left, right] = this.bounds();
    return this.rows.slice(top, bottom + 1).map(row => row.slice(left, right + 1)).map(row => Object.assign(row, { texts: row.map(node => node.dataset.cell ? this.text(node.dataset.cell) : "") }));
  }

  // Where a pasted block goes: from the current cell on, within its table; one value fills the whole selection.
  // What has no place there (a hatched cell, beyond the table) is returned as lost; a blank or a zero says nothing.
  placed(block) {
    const [top, bottom, left, right] = this.bounds();
    if (block.length === 1 && block[0].length === 1) return { pairs: this.selected().map(id => [id, block[0][0]]), lost: [] };
    const height = Math.max(block.length, bottom - top + 1 > block.length && (bottom - top + 1) % block.length === 0 ? bottom - top + 1 : 0);
    const table = this.current.closest("table"), pairs = [], lost = [];
    for (let r = 0; r < height; r++) {
      block[r % block.length].forEach((text, c) => {
        const node = this.rows[top + r]?.[left + c];
        if (node?.dataset.cell && table.contains(node)) pairs.push([node.dataset.cell, text]);
        else if (!["", "0", "-", "—"].includes(text.trim())) lost.push([node && table.contains(node) ? this.nameOf(node) : "表格之外", text.trim()]);
      });
    }
    return { pairs, lost };
  }

  filledDown() {
    const [top, bottom, left, right] = this.bounds();
    const pairs = [];
    for (let c = left; c <= right; c++) {
      const from = top === bottom ? this.above(top, c) : this.rows[top][c];
      if (!from?.dataset.cell) continue;
      for (let r = top === bottom ? top : top + 1; r <= bottom; r++) {
        const node = this.rows[r][c];
        if (node?.dataset.cell) pairs.push([node.dataset.cell, this.text(from.dataset.cell)]);
      }
    }
    return pairs;
  }

  above(r, c) {
    while (--r >= 0) if (this.rows[r][c]?.dataset.cell) return this.rows[r][c];
    return null;
  }

  nameOf(node) {
    const row = node.closest("tr").querySelector(".grid-label").textContent;
    const head = node.closest("table").tHead.rows[0].cells[node.cellIndex].firstChild.textContent;
    return `${row} · ${head}`;
  }

  showHint() {
    if (!this.current) return;
    const fact = this.facts[this.current.dataset.cell];
    const unit = fact.unit ? ` ${fact.unit}` : "";
    put("hint-name", this.nameOf(this.current));
    put("hint-past", `上月 ${fact.lastMonth || "—"}${fact.lastMonth ? unit : ""}　上年同月 ${fact.lastYear || "—"}${fact.lastYear ? unit : ""}`);
    const kept = fact.typed !== undefined && fact.state === "bad" ? `没有采用“${fact.typed}”，现值 ${fact.shown || "空"}。` : "";
    put("hint-reason", kept + (fact.reason || ""));
    put("hint-note", fact.note ? `备注：${fact.note}` : "");
    document.getElementById("hint-reason").className = fact.state ? `tone-${fact.state}` : "";
    put("hint-by", fact.by || "");
  }
}

export function isQuantity(id) {
  return ["quantity", "purchased", "opening_stock", "closing_stock", "sold", "used_outside"].includes(id.split(":")[1]);
}

function put(id, text) { document.getElementById(id).textContent = text; }
