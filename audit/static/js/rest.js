// "All remaining are met": for one section, after someone looked; critical items stay open.

const VIA = "rest_of_section";

function openOnes(visit, every, number) {
  return every.filter(({ key, item, section }) => {
    const plain = item.kind === "compliance" && item.severity !== "critical";
    return section.number === number && plain && !visit.rawOf(key);
  });
}

// Returns a function that offers it where at least two are open: one alone is a tap as well.
export function startRest(visit, form, { saving, undo }) {
  const offers = [...form.querySelectorAll(".rest")].map((place) => ({
    place,
    words: place.querySelector("[data-words]"),
    number: place.closest("[data-section]").dataset.section,
  }));
  form.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-act=rest]")) return;
    const number = event.target.closest("[data-section]").dataset.section;
    const open = openOnes(visit, visit.asked(), number);
    await Promise.all(open.map(({ key, item }) => saving.put(key, { value: item.met_when }, VIA)));
    const takeBack = () => open.forEach(({ key }) => saving.put(key, null, "undo"));
    undo.offer(`${open.length} set to met`, takeBack, event);
  });

  return (every) => {
    for (const { place, words, number } of offers) {
      const count = visit.closed ? 0 : openOnes(visit, every, number).length;
      place.hidden = count < 2;
      words.textContent = `All ${count} remaining are met`;
    }
  };
}
