// The start page of a tablet: what is kept here, what is not sent, and what can be begun.

import { startBeginning } from "./beginning.js";
import { rememberKeeps, showInstall, showPromise, whyNotKept } from "./keeping.js";
import { isRecording } from "./lifecycle.js";
import { pending } from "./outbox.js";
import { filled } from "./pieces.js";
import { isDropped, isPlanned, plannedOf } from "./planned.js";
import { saveRescueFile } from "./rescue.js";
import { startStatus } from "./status.js";
import { everyone, openStore } from "./store.js";
import { startSync } from "./sync.js";
import { takeEverything } from "./taking.js";
import { day, moment } from "./times.js";
import { knowWho, sayDemo } from "./who.js";

const DAY_MS = 86_400_000;
const KINDS = { inspection: "Inspection", self_audit: "Self-audit" };
const SEVERITIES = { critical: ["bad", "Critical"], major: ["warn", "Major"], minor: ["plain", "Minor"] };

const at = (mark) => document.querySelector(mark);

async function open() {
  const why = await whyNotKept();
  rememberKeeps(!why);
  if (why) return trouble("This browser cannot keep an audit.", why);
  showInstall(at("#install"));
  const who = await knowWho();
  sayDemo(who);
  at("#nobody").hidden = Boolean(who);
  if (!who) return showLeft();
  if (who.role === "inspector") at("#start").elements.kind.value = "inspection";
  const store = await openStore(who.person);
  at("#here").hidden = false;
  showPromise(at("#promise"));
  offerRescue(at("#here [data-act=rescue]"), store);
  await show(store);
  store.onChange(() => show(store));
  startStatus(at("#status"), store);
  startSync(store);
  await takeEverything(store, at("[data-kept]"), () => show(store));
}

function trouble(name, words) {
  const place = at("#trouble");
  place.querySelector("[data-name]").textContent = name;
  place.querySelector("[data-words]").textContent = words;
  place.hidden = false;
}

async function show(store) {
  const [audits, closings, receipts, along, waiting] = await Promise.all([
    store.readAll("audits"),
    store.readAll("closings"),
    store.readAll("receipts"),
    store.read("along", "along"),
    pending(store),
  ]);
  const received = new Set(receipts.map(({ audit }) => audit));
  const here = audits.filter((one) => !received.has(one.id) && !isPlanned(one) && !isDropped(one));
  const planned = plannedOf(audits, along);
  const known = new Set(audits.map(({ id }) => id));
  const closed = new Set(closings.map(({ audit }) => audit));
  const elsewhere = (along?.audits ?? []).filter((one) => !known.has(one.id) && !isPlanned(one));
  showUnsent(waiting);
  at("[data-none]").hidden = here.length > 0;
  at("[data-audits]").replaceChildren(...here.map((one) => auditRow(one, stateOf(one, closed))));
  at("#planned").hidden = planned.length === 0;
  at("[data-audits-planned]").replaceChildren(...planned.map((one) => auditRow(one, ["plain", "Planned"])));
  at("#elsewhere").hidden = elsewhere.length === 0;
  at("[data-count]").textContent = elsewhere.length;
  at("[data-audits-elsewhere]").replaceChildren(...elsewhere.map((one) => auditRow(one, ["plain", "Fetch"])));
  at("#receipts").hidden = receipts.length === 0;
  at("[data-receipts]").replaceChildren(...receipts.map(receiptRow));
  showSites(store, along);
}

function stateOf({ id, state }, closed) {
  if (state === "withdrawn") return ["plain", "Dropped elsewhere"];
  if (closed.has(id)) return ["active", "To hand in"];
  return isRecording(state) ? ["active", "In progress"] : ["plain", "Completed elsewhere"];
}

function row(href, name, words, [tone, badge]) {
  const piece = filled("piece-row", { name, words, badge });
  piece.querySelector("a").href = href;
  piece.querySelector("[data-badge]").classList.add(tone);
  return piece;
}

function auditRow(audit, state) {
  const kind = [KINDS[audit.kind], audit.number].filter(Boolean).join(" ");
  const planned = audit.scheduled_for && isPlanned(audit) ? `planned for ${day(audit.scheduled_for)}` : "";
  const begun = audit.started_at ? `begun ${moment(audit.started_at, audit.zone)}` : planned;
  const words = [kind, begun].filter(Boolean).join(", ");
  return row(`${audit.page}#${audit.id}`, audit.site_name, words, state);
}

function receiptRow(receipt) {
  const words = `Received ${moment(receipt.received_at)}, journal entry ${receipt.entry}`;
  return row(`/audits/${receipt.audit}/result`, `Audit ${receipt.number}`, words, ["good", "Received"]);
}

function showUnsent({ changes, photos, oldest }) {
  const place = at("#unsent");
  const late = Boolean(oldest) && Date.now() - Date.parse(oldest) > DAY_MS;
  place.hidden = changes + photos === 0;
  place.classList.toggle("warn", late);
  const said = [some(changes, "response"), some(photos, "photo")].filter(Boolean).join(" and ");
  const words = `${said} not sent yet, the oldest ${oldest ? age(oldest) : ""} old.`;
  place.querySelector("[data-words]").textContent = late
    ? `${words} Please connect this tablet and keep this page open, or save a rescue file below.`
    : `${words} It goes out by itself when there is a connection and this page is open.`;
}

function some(count, word) {
  if (!count) return "";
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function age(since) {
  const minutes = Math.max(1, Math.round((Date.now() - Date.parse(since)) / 60_000));
  if (minutes < 60) return some(minutes, "minute");
  return minutes < 48 * 60 ? some(Math.round(minutes / 60), "hour") : some(Math.round(minutes / 1440), "day");
}

function showSites(store, along) {
  const sites = along?.sites ?? [];
  at("[data-no-sites]").hidden = sites.length > 0;
  at("#sites").hidden = sites.length === 0;
  if (!along) return;
  at("[data-taken]").textContent = `As the server knew them ${moment(along.now)}.`;
  // A form half filled in is left alone; only other sites change what it offers.
  const form = at("#start");
  const offered = JSON.stringify(sites);
  if (form.dataset.offered !== offered) startBeginning(form, store, sites);
  form.dataset.offered = offered;
  at("[data-sites]").replaceChildren(...sites.map(sitePiece));
}

const OUTCOMES = { pass: "Pass", pass_with_conditions: "Pass with conditions", fail: "Fail", closed: "Closed" };

function lastReport(report) {
  if (!report) return "no report yet";
  const percent = report.percent ? `, ${report.percent} %` : "";
  return `last report ${day(report.on.slice(0, 10))}: ${OUTCOMES[report.outcome]}${percent}`;
}

function sitePiece({ name, address, findings, last_report: report }) {
  const open = findings.length ? some(findings.length, "open finding") : "nothing open";
  const piece = filled("piece-site", { name: `${name}: ${open}`, words: `${address}; ${lastReport(report)}` });
  piece.querySelector("[data-findings]").replaceChildren(
    ...findings.map(({ words, severity, due_on: due }) => {
      const [tone, badge] = SEVERITIES[severity];
      const found = filled("piece-found", { name: words, badge, words: due ? `due ${day(due)}` : "" });
      found.querySelector("[data-badge]").classList.add(tone);
      return found;
    }),
  );
  return piece;
}

// What people left unsent when they signed out can be saved for them, unreadable as it is.
async function showLeft() {
  const left = [];
  for (const [person, name] of Object.entries(await everyone())) {
    const store = await openStore(person);
    const words = await leftOf(store);
    if (!words) continue;
    const piece = filled("piece-left", { name: `${name}: ${words}` });
    offerRescue(piece.querySelector("[data-act=rescue]"), store);
    left.push(piece);
  }
  at("[data-left]").replaceChildren(...left);
}

// Sealed, only the responses that wait can be told from what was sent.
async function leftOf(store) {
  const [responses, photos, closings] = await Promise.all(["outbox", "bytes", "closings"].map((name) => store.count(name)));
  const unsent = responses ? `${some(responses, "response")} not sent` : "";
  const perhaps = [some(photos, "photo"), closings ? "signatures" : ""].filter(Boolean).join(" and ");
  return [unsent, perhaps && `${perhaps} that may not be sent`].filter(Boolean).join(", ");
}

function offerRescue(button, store) {
  button.addEventListener("click", async () => {
    const line = button.parentElement.querySelector("[data-rescue-error]");
    line.textContent = "";
    try {
      await saveRescueFile(store);
    } catch (error) {
      line.textContent = `The file could not be saved. ${error.message}`;
    }
  });
}

open();
