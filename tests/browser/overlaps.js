// Pairs of texts in <main> of which one lies on the other: the rectangles of their text, cut by what scrolls or clips.
() => {
  const cut = (a, b) => ({ x: Math.max(a.x, b.x), y: Math.max(a.y, b.y), r: Math.min(a.r, b.r), b: Math.min(a.b, b.b) });
  const size = (a) => Math.max(0, a.r - a.x) * Math.max(0, a.b - a.y);
  const of = (rect) => ({ x: rect.left, y: rect.top, r: rect.right, b: rect.bottom });
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
    if (element.closest(".visually-hidden, math, svg, option, script, sub, [data-chart]")) continue;
    let clip = { x: -1e6, y: -1e6, r: 1e6, b: 1e6 };
    let floats = false;
    for (let above = element; above && above.tagName !== "MAIN"; above = above.parentElement) {
      const style = getComputedStyle(above);
      if (style.overflowX !== "visible" || style.overflowY !== "visible" || style.clipPath !== "none") clip = cut(clip, of(above.getBoundingClientRect()));
      floats ||= ["absolute", "fixed", "sticky"].includes(style.position);
    }
    if (floats) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const box = cut(of(rect), clip);
      if (size(box) > 4) found.push({ ...box, element, text: node.data.trim().slice(0, 20) });
    }
  }
  found.sort((a, b) => a.y - b.y);
  const pairs = [];
  for (let i = 0; i < found.length; i++) {
    for (let j = i + 1; j < found.length && found[j].y < found[i].b && pairs.length < 5; j++) {
      if (found[i].element === found[j].element) continue;
      if (size(cut(found[i], found[j])) > 0.3 * Math.min(size(found[i]), size(found[j]))) pairs.push(`${found[i].text} | ${found[j].text}`);
    }
  }
  return pairs;
}
