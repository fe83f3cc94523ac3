// Saving by itself, asking when somebody else was faster, and showing what others enter.

const WAIT = 250, POLL = 5000, RETRY = 4000;

export class Sync {
  constructor(cells, data, changed) {
    Object.assign(this, { cells, changed, newest: data.newest, version: data.version, urls: { save: data.save, news: data.news } });
    this.waiting = new Set();
    this.flying = new Set();
    this.refused = new Set(Object.keys(cells.facts).filter(id => cells.facts[id].typed !== undefined));
    this.conflicts = [];
    this.state = document.getElementById("save-state");
    this.dialog = document.getElementById("grid-conflict");
    this.dialog.addEventListener("cancel", event => event.preventDefault());
    this.dialog.querySelectorAll("[data-conflict]").forEach(button =>
      button.addEventListener("click", () => this.decided(button.dataset.conflict)));
    setInterval(() => this.poll(), POLL);
    document.addEventListener("visibilitychange", () => this.poll());
  }

  // What was refused is kept by the server: leaving the page loses nothing.
  get isDirty() { return this.waiting.size + this.flying.size + this.conflicts.length > 0; }

  save(ids) {
    ids.forEach(id => { this.waiting.add(id); this.refused.delete(id); });
    this.tell("saving", "正在保存…");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), WAIT);
  }

  async send() {
    if (!this.waiting.size || this.flying.size) return;
    this.flying = this.waiting;
    this.waiting = new Set();
    const changes = [...this.flying].map(id => ({ cell: id, text: this.cells.text(id), seen: this.cells.facts[id].seen, ...this.noted(id) }));
    const sent = new Map(changes.map(change => [change.cell, change.text]));
    let answer;
    try {
      const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
      const response = await fetch(this.urls.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ changes }),
      });
      answer = await response.json();
      if (!response.ok) return this.failed(answer.message);
    } catch {
      return this.failed("与服务器的连接断开，恢复后自动保存", true);
    }
    this.flying = new Set();
    for (const [id, result] of Object.entries(answer.cells)) this.take(id, result, sent.get(id));
    this.changed();
    this.summary();
    document.body.dispatchEvent(new CustomEvent("grid-saved"));
    if (this.waiting.size) this.send();
    else if (this.conflicts.length) this.ask();
  }

  // A note that was written goes with the number it was written for.
  noted(id) {
    const { newNote } = this.cells.facts[id];
    delete this.cells.facts[id].newNote;
    return newNote === undefined ? {} : { note: newNote };
  }

  take(id, result, sent) {
    if (result.error) { this.cells.refused(id, result.error, result.confirmable); this.refused.add(id); return; }
    if (result.conflict) { this.conflicts.push({ id, ...result.conflict }); return; }
    // Typed again meanwhile: keep the newer text, it is sent next with the new number to compare.
    if (this.waiting.has(id) && this.cells.text(id) !== sent) { this.cells.facts[id].seen = result.seen; return; }
    this.cells.answered(id, result);
  }

  failed(message, retry = false) {
    this.flying.forEach(id => this.waiting.add(id));
    this.flying = new Set();
    this.tell("error", message || "没有保存，请重试");
    if (retry) setTimeout(() => this.send(), RETRY);
  }

  summary() {
    if (this.refused.size) this.tell("error", `${this.refused.size} 格没有采用，已为您留存；请更正标红的数值，或核实后写备注`);
    else if (!this.isDirty) this.tell("saved", `已保存 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false })}`);
    const missing = this.cells.missing;
    document.getElementById("missing-count").textContent = missing ? `缺 ${missing} 格` : "没有缺口";
  }

  tell(kind, text) {
    this.state.dataset.state = kind;
    this.state.textContent = text;
  }

  ask() {
    if (this.dialog.open) return;
    document.getElementById("conflict-text").textContent = this.conflicts[0].message;
    this.tell("error", "有一格需要您选择");
    this.dialog.showModal();
  }

  decided(whose) {
    const { id, seen, theirs } = this.conflicts.shift();
    this.dialog.close();
    this.cells.facts[id].seen = seen;
    if (whose === "mine") this.save([id]);
    else { this.cells.answered(id, { value: theirs, shown: theirs, seen, state: "", reason: "" }); this.newest = 0; this.poll(); }
    this.cells.node(id).focus();
    if (this.conflicts.length) this.ask();
    else this.summary();
  }

  async poll() {
    if (document.hidden || this.flying.size || this.dialog.open) return;
    let news;
    try {
      const response = await fetch(`${this.urls.news}?since=${this.newest}`, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      news = await response.json();
    } catch { return; }  // the offline bar tells it; the next poll tries again
    if (news.version !== this.version && this.version || news.editable !== this.cells.editable) {
      if (!this.isDirty) return location.reload();
      return this.tell("error", "本月的状态已改变，请复制未保存的数值后刷新页面");
    }
    this.version = news.version;
    this.newest = news.newest;
    for (const [id, fact] of Object.entries(news.cells)) this.other(id, fact);
    this.changed();
  }

  // A value that is new to this page; what is being typed here is left alone, saving it will ask.
  other(id, fact) {
    if (!this.cells.has(id) || this.waiting.has(id)) return;
    const mine = this.cells.facts[id];
    if (this.refused.has(id)) { Object.assign(mine, { value: fact.value, shown: fact.shown, seen: fact.seen, by: fact.by }); return; }
    if (mine.typed !== undefined || mine.seen === fact.seen) { if (mine.seen === fact.seen) mine.by = fact.by; return; }
    const node = this.cells.node(id);
    if (node.classList.contains("is-editing")) return;
    this.cells.answered(id, fact);
    node.classList.remove("is-news");
    requestAnimationFrame(() => node.classList.add("is-news"));
  }
}
