// "All remaining are met": for one section, after someone looked; critical items stay open.

const VIA = "rest_of_section";

function openOnes(visit, every, number) {
  return every.filter(({ key, item, section }) => {
    const plain = item.kind === "compliance" && item.severity !== "critical";
    return section.number === number && plain && !visit.rawOf(key);
  });
}

export function startRest(visit, form, { saving, undo }) {
  form.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-act=rest]")) return;
    const number = event.target.closest("[data-section]").dataset.section;
    const open = openOnes(visit, visit.asked(), number);
    await Promise.all(open.map(({ key, item }) => saving.put(key, { value: item.met_when }, VIA)));
    const takeBack = () => open.forEach(({ key }) => saving.put(key, null, "undo"));
    undo.offer(`${open.length} set to met`, takeBack, event);
  });
}

// Offers it where at least two are open: one alone is a tap as well.
export function showRest(visit, form, every) {
  for (const section of form.querySelectorAll("[data-section]")) {
    const count = visit.closed ? 0 : openOnes(visit, every, section.dataset.section).length;
    const rest = section.querySelector(".rest");
    rest.hidden = count < 2;
    rest.querySelector("[data-words]").textContent = `All ${count} remaining are met`;
  }
}
