// A form in which someone signs on the tablet, or refuses with a reason.

import { startPad } from "./pad.js";

const NEEDED = {
  name: "Write the name of who signs.",
  role: "Write the role of who signs.",
  reason: "Write why.",
};

// Lets `form` be signed; `who` says which name and role are expected. Calls `done(signature)` once it is whole.
export function startSigning(form, who, done) {
  let strokes = [];
  const pad = startPad(form.querySelector("canvas"), strokes, (drawn) => (strokes = drawn));
  const { elements } = form;
  elements.name.value = who.name;
  elements.role.value = who.role;
  form.querySelector("[data-act=clear]").addEventListener("click", () => pad.clear());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const refused = Boolean(elements.refused?.checked);
    const needed = refused ? ["name", "role", "reason"] : ["name", "role"];
    const missing = needed.filter((one) => !elements[one].value.trim());
    for (const line of form.querySelectorAll("[data-error]")) {
      const wrong = missing.includes(line.dataset.error);
      line.hidden = !wrong;
      line.textContent = wrong ? NEEDED[line.dataset.error] : "";
    }
    if (missing.length) {
      elements[missing[0]].focus();
      return;
    }
    const typed = (field) => elements[field]?.value.trim() ?? "";
    await done({
      name: typed("name"),
      role: typed("role"),
      credential: typed("credential"),
      comment: typed("comment"),
      refused,
      reason: refused ? typed("reason") : "",
      strokes,
      signed_at: new Date().toISOString(),
    });
  });
}
