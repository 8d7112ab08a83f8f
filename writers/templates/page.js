"use strict";
// Shows the items whose kind is chosen and whose text holds every word searched for.
for (const bar of document.querySelectorAll(".filters")) {
  const items = [...bar.parentElement.querySelectorAll(".item")];
  const texts = items.map((item) => item.textContent.toLowerCase());
  const search = bar.querySelector("input");
  const chips = [...bar.querySelectorAll("button")];
  const count = bar.querySelector("output");
  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = chips.find((chip) => chip.getAttribute("aria-pressed") === "true")?.dataset.choose ?? "";
    let shown = 0;
    items.forEach((item, at) => {
      const kinds = (item.dataset.kind ?? "").split(" ");
      const fits = (!chosen || kinds.includes(chosen)) && words.every((word) => texts[at].includes(word));
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.value = `${shown.toLocaleString("en-US")} of ${items.length.toLocaleString("en-US")} shown`;
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      for (const other of chips) other.setAttribute("aria-pressed", String(other === chip));
      show();
    });
  }
  search.addEventListener("input", show);
  show();
}
