// The monthly grid: keyboard, mouse, clipboard and toolbar; the parts stand in grid-*.js.
import { Cells } from "./grid-cells.js";
import { Editor } from "./grid-editor.js";
import { History } from "./grid-history.js";
import { Sync } from "./grid-sync.js";
import { Note } from "./grid-note.js";
import { toBlock, toText } from "./grid-clipboard.js";

const root = document.getElementById("grid");
if (root) start(root);

function start(root) {
  const data = JSON.parse(document.getElementById("grid-data").textContent);
  const cells = new Cells(root, data);
  const history = new History();
  const sync = new Sync(cells, data, () => cells.showHint());
  const editor = new Editor(cells, (id, text) => change([[id, text]]));

  // One step of the person: what it changes can be undone as one.
  function change(pairs) {
    const steps = pairs
      .filter(([id, text]) => cells.editable && cells.has(id) && text.trim() !== cells.text(id))
      .map(([id, text]) => ({ id, before: cells.text(id), after: text.trim() }));
    if (!steps.length) return;
    history.push(steps);
    apply(steps.map(step => [step.id, step.after]));
  }

  function apply(pairs) {
    pairs.forEach(([id, text]) => cells.type(id, text));
    sync.save(pairs.map(([id]) => id));
  }

  const note = new Note(cells, (id, text) => {
    cells.facts[id].newNote = text;
    apply([[id, cells.text(id)]]);
  }, id => apply([[id, cells.facts[id].value]]));
  function openNote() { note.open(); }

  function undo() { const steps = history.undo(); if (steps) apply(steps.map(step => [step.id, step.before])); }
  function redo() { const steps = history.redo(); if (steps) apply(steps.map(step => [step.id, step.after])); }
  function fill() { change(cells.filledDown()); }

  const lostNote = document.getElementById("grid-lost");
  function tellLost(lost) {
    if (!lostNote) return;
    lostNote.hidden = !lost.length;
    const named = lost.slice(0, 5).map(([where, text]) => `${text}（${where}）`).join("、");
    lostNote.lastElementChild.textContent = `粘贴的内容中有 ${lost.length} 格没有位置，没有写入：${named}${lost.length > 5 ? " 等" : ""}。斜纹格不填报；如需填报，请在“源流”中勾选该栏。`;
  }

  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  root.addEventListener("keydown", event => {
    if (editor.isOpen || !cells.current) return;
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key;
    // An input method starts with this key: give it an input to compose in, and let the key through.
    if (key === "Process" || event.isComposing) return editor.open(cells.current, "");
    if (mod && key.toLowerCase() === "z" && !event.shiftKey) undo();
    else if (mod && (key.toLowerCase() === "y" || (key.toLowerCase() === "z" && event.shiftKey))) redo();
    else if (mod && key.toLowerCase() === "d") fill();
    else if (mod && key.toLowerCase() === "a") cells.selectSection();
    else if (mod && key === "Home") cells.toEdge(-1, true);
    else if (mod && key === "End") cells.toEdge(1, true);
    else if (mod || event.altKey) return;
    else if (key in moves) cells.move(...moves[key], event.shiftKey);
    else if (key === "Home") cells.toEdge(-1);
    else if (key === "End") cells.toEdge(1);
    else if (key === "Tab") { if (!cells.step(event.shiftKey ? -1 : 1)) return; }
    else if (key === "F2" && event.shiftKey) openNote();
    else if (key === "Enter" || key === "F2") editor.open(cells.current);
    else if (key === "Delete" || key === "Backspace") change(cells.selected().map(id => [id, ""]));
    else if (key === "Escape") cells.collapse();
    else if (key.length === 1) editor.open(cells.current, key);
    else return;
    event.preventDefault();
  });

  root.addEventListener("mousedown", event => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || editor.owns(event.target)) return;
    event.preventDefault();
    editor.commit();
    cells.focus(cell, event.shiftKey);
    const drag = move => {
      const over = move.target.closest?.("[data-cell]");
      if (over && over !== cells.end) cells.focus(over, true);
    };
    root.addEventListener("mousemove", drag);
    document.addEventListener("mouseup", () => root.removeEventListener("mousemove", drag), { once: true });
  });
  root.addEventListener("dblclick", event => {
    const cell = event.target.closest("[data-cell]");
    if (cell) editor.open(cell);
  });
  root.addEventListener("focusin", event => {
    if (event.target.matches("[data-cell]") && event.target !== cells.current && !editor.isOpen) cells.focus(event.target);
  });

  document.addEventListener("copy", event => {
    if (editor.isOpen || !root.contains(document.activeElement)) return;
    event.clipboardData.setData("text/plain", toText(cells.block()));
    event.preventDefault();
  });
  document.addEventListener("paste", event => {
    if (editor.isOpen || !root.contains(document.activeElement) || !cells.editable) return;
    event.preventDefault();
    const { pairs, lost } = cells.placed(toBlock(event.clipboardData.getData("text/plain")));
    change(pairs);
    tellLost(lost);
  });

  const tools = { undo, redo, fill, note: openNote };
  document.querySelectorAll("[data-grid]").forEach(button =>
    button.addEventListener("click", () => { if (button.dataset.grid !== "note") cells.current?.focus(); tools[button.dataset.grid](); }));
  sync.summary();
  // a gap of a result leads to its cell: …/months/2025-11/#cell=17:purchased
  if (location.hash.startsWith("#cell=")) cells.focus(root.querySelector(`[data-cell="${CSS.escape(location.hash.slice(6))}"]`));
  window.addEventListener("beforeunload", event => { if (sync.isDirty) event.preventDefault(); });
}
