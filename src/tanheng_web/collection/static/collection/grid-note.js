// The note of a cell: why a number is as it is, and that an unusual one was checked.

const VERIFIED = "已核实：";

export class Note {
  // `write(id, text, note)` saves a number with its note, `restore(id)` gives up what was typed and not taken.
  constructor(cells, write, restore) {
    Object.assign(this, { cells, write, restore });
    this.dialog = document.getElementById("grid-note");
    if (!this.dialog) return;
    this.text = document.getElementById("note-text");
    this.verified = document.getElementById("note-verified");
    this.dialog.querySelector("form").addEventListener("submit", event => this.submitted(event));
    this.dialog.querySelector("[data-note=cancel]").addEventListener("click", () => this.dialog.close());
    this.dialog.querySelector("[data-note=restore]").addEventListener("click", () => { this.dialog.close(); this.restore(this.id); });
    this.dialog.addEventListener("close", () => this.cells.node(this.id)?.focus());
    this.verified.addEventListener("change", () => { this.text.required = this.verified.checked; });
  }

  open() {
    const node = this.cells.current;
    if (!this.dialog || !node || !this.cells.editable) return;
    this.id = node.dataset.cell;
    const fact = this.cells.facts[this.id], isVerified = (fact.note || "").startsWith(VERIFIED);
    document.getElementById("note-title").textContent = `${this.cells.nameOf(node)} 的备注`;
    document.getElementById("note-reason").textContent = fact.reason || "";
    document.getElementById("note-verify").hidden = !fact.confirmable;
    this.dialog.querySelector("[data-note=restore]").hidden = fact.typed === undefined;
    document.getElementById("note-impossible").hidden = !(fact.state === "bad" && !fact.confirmable);
    this.verified.checked = Boolean(fact.confirmable && (isVerified || fact.state === "bad"));
    this.text.required = this.verified.checked;
    this.text.value = isVerified ? fact.note.slice(VERIFIED.length) : fact.note || "";
    this.dialog.showModal();
    this.text.focus();
  }

  submitted(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    this.dialog.close();
    this.write(this.id, this.verified.checked && this.cells.facts[this.id].confirmable ? VERIFIED + text : text);
  }
}
