// Steps that can be taken back, newest last.

export class History {
  constructor() { this.past = []; this.future = []; }
  push(steps) { this.past.push(steps); this.future = []; if (this.past.length > 200) this.past.shift(); }
  undo() { const steps = this.past.pop(); if (steps) this.future.push(steps); return steps; }
  redo() { const steps = this.future.pop(); if (steps) this.past.push(steps); return steps; }
}
