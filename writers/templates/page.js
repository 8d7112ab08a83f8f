"use strict";
// Shows the items whose kind is chosen and whose text holds every word searched for,
// and says how many more of these words are under other filters.
for (const bar of document.querySelectorAll(".filters")) {
  const items = [...bar.parentElement.querySelectorAll(".item")];
  const texts = items.map((item) => item.textContent.toLowerCase());
  const search = bar.querySelector("input");
  const chips = [...bar.querySelectorAll("button")];
  const all = chips.find((chip) => chip.dataset.choose === "")?.textContent ?? "other filters";
  const count = bar.querySelector("output");
  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = chips.find((chip) => chip.getAttribute("aria-pressed") === "true")?.dataset.choose ?? "";
    let shown = 0;
    let found = 0;
    items.forEach((item, at) => {
      const kinds = (item.dataset.kind ?? "").split(" ");
      const holds = words.every((word) => texts[at].includes(word));
      const fits = holds && (!chosen || kinds.includes(chosen));
      item.hidden = !fits;
      shown += fits ? 1 : 0;
      found += holds ? 1 : 0;
    });
    const told = (number) => number.toLocaleString("en-US");
    const more = words.length && found > shown ? `, ${told(found - shown)} more under ${all}` : "";
    count.value = `${told(shown)} of ${told(items.length)} shown${more}`;
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
