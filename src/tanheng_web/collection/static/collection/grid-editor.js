// One input that is put over the cell being edited.

export class Editor {
  constructor(cells, done) {
    this.cells = cells;
    this.done = done;
    this.cell = null;
    this.input = document.createElement("input");
    this.input.className = "grid-input";
    this.input.setAttribute("inputmode", "decimal");
    this.input.setAttribute("autocomplete", "off");
    this.input.addEventListener("keydown", event => this.key(event));
    this.input.addEventListener("blur", () => this.commit());
  }

  get isOpen() { return this.cell !== null; }
  owns(target) { return target === this.input; }

  open(cell, typed) {
    if (!this.cells.editable || this.isOpen) return;
    this.cell = cell;
    this.before = cell.textContent;
    this.input.value = typed ?? this.cells.text(cell.dataset.cell);
    this.input.setAttribute("aria-label", cell.closest("tr").querySelector(".grid-label").textContent);
    cell.textContent = "";
    cell.classList.add("is-editing");
    cell.append(this.input);
    this.input.focus();
    if (typed === undefined) this.input.select();
  }

  close() {
    const cell = this.cell;
    this.cell = null;
    cell.classList.remove("is-editing");
    cell.textContent = this.before;
    return cell;
  }

  commit() {
    if (!this.isOpen) return;
    const text = this.input.value;
    const cell = this.close();
    this.done(cell.dataset.cell, text);
  }

  key(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") { this.close().focus(); event.preventDefault(); return; }
    if (event.key !== "Enter" && event.key !== "Tab") return;
    event.preventDefault();
    const cell = this.cell;
    this.commit();
    this.cells.focus(cell);
    if (event.key === "Tab") this.cells.step(event.shiftKey ? -1 : 1);
    else this.cells.move(event.shiftKey ? -1 : 1, 0);
  }
}
