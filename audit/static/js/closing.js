// The end of a visit: what is missing, what was found, who signs, and handing it in.
//
// Completing closes the inputs of this tablet; until the server has received it, it can be opened
// again, and then everyone signs anew.

import { close, reopen } from "./outbox.js";
import { handIn, putAway } from "./handin.js";
import { findings, judged, outcome } from "./rules.js";
import { fillFinding, fillOutcome, fillSigned, missingRow, sayAside } from "./closing-view.js";
import { asideOf } from "./proof.js";
import { filled } from "./pieces.js";
import { startSigning } from "./signing.js";
import { moment } from "./times.js";

const RECORDING = ["planned", "in_progress"];

export function startClosing(visit) {
  const panel = document.querySelector("#closing");
  // What is being put away, and why it was not, outlast the page that says so.
  const closing = { row: null, receipt: null, leaving: false, wrong: "" };

  async function read() {
    closing.row = await visit.store.read("closings", visit.audit);
    closing.receipt = await visit.store.read("receipts", visit.audit);
    return closing.row !== null && closing.row !== undefined;
  }

  async function keep(row) {
    await close(visit.store, visit.audit, row);
    await showAnew();
  }

  async function showAnew() {
    await visit.refresh();
    await show();
  }

  // What was entered last may still be on its way to the disk when someone comes here.
  function update() {
    if (panel.hidden || closing.receipt) return;
    if (isElsewhere() || !closing.row) panel.replaceChildren(...pages());
  }

  async function show() {
    await read();
    panel.replaceChildren(...pages());
    panel.hidden = false;
    // What is signed has nowhere to go but back; what was handed in has nothing left to count.
    const { classList } = document.querySelector("#visit");
    classList.toggle("closed", Boolean(closing.row));
    classList.toggle("received", Boolean(closing.receipt));
    panel.focus();
  }

  function pages() {
    if (closing.receipt) return [received(closing.receipt)];
    if (isElsewhere()) return [elsewhere()];
    if (!closing.row) return [beforeCompleting()];
    const { signatures, alone } = closing.row;
    const signed = new Set(signatures.map((one) => one.part));
    if (!signed.has("inspector")) return [result(), signing("inspector")];
    if (!signed.has("person_in_charge") && !alone) return [result(), signing("person_in_charge")];
    return [handing()];
  }

  // Signatures made here are handed in first, so that they are kept for the manager.
  function isElsewhere() {
    return !RECORDING.includes(visit.row.state) && (!closing.row || closing.row.brought);
  }

  function elsewhere() {
    const page = filled("closing-elsewhere", { words: sayAside(asideOf(visit, closing.row)) });
    page.querySelector("[data-link]").href = `/audits/${visit.audit}/result`;
    page.querySelector("[data-act=put-away]").disabled = closing.leaving;
    const wrong = page.querySelector("[data-error=kept]");
    wrong.textContent = closing.wrong;
    wrong.hidden = !closing.wrong;
    on(page, "put-away", leave);
    return page;
  }

  async function leave() {
    Object.assign(closing, { leaving: true, wrong: "" });
    update();
    try {
      await putAway(visit.store, visit.audit);
    } catch (error) {
      closing.wrong = error.words ?? error.message;
    }
    closing.leaving = false;
    await showAnew();
  }

  function beforeCompleting() {
    const missing = visit.lacks();
    if (!missing.length && !judged(visit.definition, visit.situation(), visit.today())) {
      return filled("closing-unjudged");
    }
    if (!missing.length) {
      const page = filled("closing-ready");
      on(page, "complete", () =>
        keep({ completedAt: new Date().toISOString(), signatures: [], alone: false }),
      );
      return page;
    }
    const count = missing.length === 1 ? "1 thing is" : `${missing.length} things are`;
    const page = filled("closing-missing", { words: `${count} still missing` });
    const rows = missing.map((lack) => missingRow(lack, () => visit.goTo(lack)));
    page.querySelector("[data-list]").append(...rows);
    return page;
  }

  function result() {
    const found = findings(visit.definition, visit.situation(), visit.today());
    const words = found.length === 1 ? "1 finding" : `${found.length} findings`;
    const page = filled("closing-result", { words });
    fillOutcome(page, outcome(visit.definition, found));
    page.querySelector("[data-list]").append(...found.map((one) => fillFinding(one, visit)));
    on(page, "reopen", openAgain);
    return page;
  }

  function signing(part) {
    const page = filled(`closing-sign-${part}`);
    const who = { name: visit.nameOf(part), role: visit.roleOf(part) };
    startSigning(page.querySelector("form"), who, (signature) =>
      keep({ ...closing.row, signatures: [...closing.row.signatures, { ...signature, part }] }),
    );
    on(page, "alone", () => keep({ ...closing.row, alone: true }));
    return page;
  }

  function handing() {
    const words = "It is handed in as soon as there is a network and you have entered your password.";
    const page = filled("closing-hand-in", { words });
    page.querySelector("[data-list]").append(...closing.row.signatures.map(fillSigned));
    const form = page.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
    on(page, "reopen", openAgain);
    return page;
  }

  async function send(form) {
    const button = form.querySelector("[type=submit]");
    const wrong = form.querySelector("[data-error=password]");
    const { value } = form.elements.password;
    wrong.hidden = Boolean(value);
    wrong.textContent = value ? "" : "Enter your password.";
    if (!value) return;
    button.disabled = true;
    button.textContent = "Handing in …";
    try {
      await handIn(visit.store, visit.audit, value);
      await show();
    } catch (error) {
      // What was signed is with the manager now: the page says so, and offers to put it away.
      if (error.code === "closed_elsewhere") return showAnew();
      wrong.textContent = error.words ?? error.message;
      wrong.hidden = false;
    } finally {
      button.disabled = false;
      button.textContent = "Hand in";
    }
  }

  async function openAgain() {
    await reopen(visit.store, visit.audit);
    await visit.refresh();
    await visit.goTo({});
  }

  function received(receipt) {
    const when = moment(receipt.received_at, visit.row.zone);
    const page = filled("closing-received", { words: `Audit ${receipt.number}, received ${when}.` });
    page.querySelector("[data-link]").href = `/audits/${visit.audit}/result`;
    return page;
  }

  return { show, update, hide: () => (panel.hidden = true) };
}

function on(page, act, heed) {
  page.querySelector(`[data-act=${act}]`)?.addEventListener("click", heed);
}
