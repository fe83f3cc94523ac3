// Results come back with their filters: those that were opened or closed by hand stay so.
const touched = new Map();

document.addEventListener("toggle", event => {
  const facet = event.target.closest?.(".factor-facets details");
  if (facet) touched.set(facet.id, facet.open);
}, true);

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, isOpen] of touched) {
    const facet = document.getElementById(id);
    if (facet) facet.open = isOpen;
  }
});
