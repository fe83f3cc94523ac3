// Text as Excel puts it on the clipboard: cells by tab, rows by line; quoted cells may hold both.

export function toBlock(text) {
  const rows = [[""]];
  let quoted = false;
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let i = 0; i < clean.length; i++) {
    const row = rows[rows.length - 1], sign = clean[i];
    if (quoted && sign === '"' && clean[i + 1] === '"') { row[row.length - 1] += '"'; i++; }
    else if (sign === '"' && (quoted || row[row.length - 1] === "")) quoted = !quoted;
    else if (!quoted && sign === "\t") row.push("");
    else if (!quoted && sign === "\n") rows.push([""]);
    else row[row.length - 1] += sign;
  }
  return rows;
}

export function toText(block) { return block.map(row => row.texts.join("\t")).join("\n"); }
