// The end of a visit: what is missing, what was found, who signs, and handing it in.
//
// Completing closes the inputs of this tablet; until the server has received it, it can be opened
// again, and then everyone signs anew. The same audit may be open in several tabs: what is shown
// follows what is kept, and nothing is written on top of what this page did not show.

import { close, Overtaken, reopen } from "./outbox.js";
import { handIn, putAway } from "./handin.js";
import { isRecording } from "./lifecycle.js";
import { findings, judged, outcome } from "./rules.js";
import { fillFinding, fillOutcome, fillSigned, missingRow, nameOf, sayAside } from "./closing-view.js";
import { asideOf } from "./proof.js";
import { filled } from "./pieces.js";
import { changedSince, seenIn } from "./seen.js";
import { Refused } from "./server.js";
import { startSigning } from "./signing.js";
import { NotSaved } from "./settling.js";
import { moment } from "./times.js";

// Another page is shown then: it says what happened, and what can be done.
const MOVED_ON = ["closed_elsewhere", "moved_on"];
// Their pages count what others enter, too.
const FOLLOWING = ["before", "elsewhere"];

export function startClosing(visit) {
  const panel = document.querySelector("#closing");
  const pages = {
    before, changed, handing, received, elsewhere,
    inspector: () => [result(), signing("inspector")],
    person_in_charge: () => [result(), signing("person_in_charge")],
  };
  let shown = {};
  // What is being put away, and why it was not, outlast the page that says so.
  const leaving = { busy: false, wrong: "" };

  function stage() {
    const { closing, receipt } = visit;
    if (receipt) return "received";
    if (isElsewhere()) return "elsewhere";
    if (!closing) return "before";
    if (isRecording(visit.row.state) && changedSince(closing.seen, visit)) return "changed";
    const signed = new Set(closing.signatures.map((one) => one.part));
    if (!signed.has("inspector")) return "inspector";
    if (!signed.has("person_in_charge") && !closing.alone) return "person_in_charge";
    return "handing";
  }

  // Signatures made here are handed in first, so that they are kept for the manager.
  function isElsewhere() {
    return !isRecording(visit.row.state) && (!visit.closing || visit.closing.brought);
  }

  function update() {
    if (panel.hidden) return;
    const now = stage();
    // A form in which someone writes is left alone while what it follows stands.
    if (now !== shown.stage || visit.closing !== shown.closing || FOLLOWING.includes(now)) draw(now);
  }

  function draw(now) {
    shown = { stage: now, closing: visit.closing };
    panel.replaceChildren(...pages[now]());
    // What is signed has nowhere to go but back; what was handed in has nothing left to count.
    const { classList } = document.querySelector("#visit");
    classList.toggle("closed", Boolean(visit.closing));
    classList.toggle("received", now === "received");
  }

  async function show() {
    await visit.refresh();
    panel.hidden = false;
    draw(stage());
    panel.focus();
  }

  // Does what a person asked for, and goes on once it is kept; else the page stays and says why.
  async function keep(act, goOn = show) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof NotSaved || error instanceof Overtaken)) throw error;
      if (error instanceof Overtaken) await show();
      return note(error.message);
    }
    return goOn();
  }

  function note(words) {
    panel.querySelector("[data-note]")?.remove();
    panel.append(filled("closing-not-kept", { words }));
    panel.querySelector("[data-note]").scrollIntoView({ block: "center" });
  }

  const closeAs = (closing) => keep(() => close(visit.store, visit.audit, closing, shown.closing));

  function openAgain() {
    return keep(
      () => reopen(visit.store, visit.audit, shown.closing),
      async () => {
        await visit.refresh();
        await visit.goTo({});
      },
    );
  }

  function before() {
    const missing = visit.lacks();
    if (missing.length) return [lacking(missing)];
    if (!judged(visit.definition, visit.situation(), visit.today())) return [filled("closing-unjudged")];
    const page = filled("closing-ready");
    on(page, "complete", () =>
      closeAs({ completedAt: new Date().toISOString(), seen: seenIn(visit), signatures: [], alone: false }),
    );
    return [page];
  }

  function lacking(missing) {
    const count = missing.length === 1 ? "1 thing is" : `${missing.length} things are`;
    const page = filled("closing-missing", { words: `${count} still missing` });
    const rows = missing.map((lack) => missingRow(lack, () => visit.goTo(lack)));
    page.querySelector("[data-list]").append(...rows);
    return page;
  }

  function changed() {
    const page = filled("closing-changed", { words: nameOf(visit, changedSince(visit.closing.seen, visit)) });
    on(page, "reopen", openAgain);
    return [page];
  }

  function result() {
    const found = findings(visit.definition, visit.situation(), visit.today());
    const words = found.length === 1 ? "1 finding" : `${found.length} findings`;
    const page = filled("closing-result", { words });
    fillOutcome(page, outcome(visit.definition, found));
    page.querySelector("[data-list]").append(...found.map((one) => fillFinding(one, visit)));
    page.append(wayBack());
    return page;
  }

  // Before anyone has signed, going back costs nothing.
  function wayBack() {
    const page = filled(visit.closing.signatures.length ? "closing-back-anew" : "closing-back");
    on(page, "reopen", openAgain);
    return page;
  }

  function signing(part) {
    const page = filled(`closing-sign-${part}`);
    const who = { name: visit.nameOf(part), role: visit.roleOf(part) };
    const signed = (signature) => {
      const { signatures } = shown.closing;
      return closeAs({ ...shown.closing, signatures: [...signatures, { ...signature, part }] });
    };
    startSigning(page.querySelector("form"), who, signed);
    on(page, "alone", () => closeAs({ ...shown.closing, alone: true }));
    return page;
  }

  function handing() {
    const words = "It is handed in as soon as there is a network and you have entered your password.";
    const page = filled("closing-hand-in", { words });
    page.querySelector("[data-list]").append(...visit.closing.signatures.map(fillSigned));
    const form = page.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
    return [page, wayBack()];
  }

  async function send(form) {
    const button = form.querySelector("[type=submit]");
    const wrong = form.querySelector("[data-error=password]");
    const { value } = form.elements.password;
    wrong.hidden = Boolean(value);
    wrong.textContent = value ? "" : "Enter your password.";
    if (!value) return undefined;
    button.disabled = true;
    button.textContent = "Handing in …";
    try {
      await handIn(visit.store, visit.audit, value, insistSeen);
      return await show();
    } catch (error) {
      if (MOVED_ON.includes(error.code)) return show();
      wrong.textContent = error.words ?? error.message;
      wrong.hidden = false;
    } finally {
      button.disabled = false;
      button.textContent = "Hand in";
    }
    return undefined;
  }

  // What others entered after it was completed here, nobody has signed.
  async function insistSeen() {
    await visit.refresh();
    if (stage() !== "handing") throw new Refused("moved_on", "Something else is to be done first. Nothing was handed in.");
    return visit.closing;
  }

  function received() {
    const { receipt } = visit;
    const when = moment(receipt.received_at, visit.row.zone);
    const page = filled("closing-received", { words: `Audit ${receipt.number}, received ${when}.` });
    page.querySelector("[data-link]").href = `/audits/${visit.audit}/result`;
    return [page];
  }

  function elsewhere() {
    const page = filled("closing-elsewhere", { words: sayAside(asideOf(visit, visit.closing)) });
    page.querySelector("[data-link]").href = `/audits/${visit.audit}/result`;
    page.querySelector("[data-act=put-away]").disabled = leaving.busy;
    const wrong = page.querySelector("[data-error=kept]");
    wrong.textContent = leaving.wrong;
    wrong.hidden = !leaving.wrong;
    on(page, "put-away", leave);
    return [page];
  }

  async function leave() {
    Object.assign(leaving, { busy: true, wrong: "" });
    update();
    try {
      await putAway(visit.store, visit.audit);
    } catch (error) {
      leaving.wrong = error.words ?? error.message;
    }
    leaving.busy = false;
    await show();
  }

  return { show, update, hide: () => (panel.hidden = true) };
}

function on(page, act, heed) {
  page.querySelector(`[data-act=${act}]`)?.addEventListener("click", heed);
}
