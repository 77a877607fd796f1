// Audits planned for a day: taken along with the sites, begun here with the first thing entered.

// Returns the planned audits known here, the next first; what was opened here stands for what was
// taken along.
export function plannedOf(audits, along) {
  const opened = new Set(audits.map(({ id }) => id));
  const others = (along?.audits ?? []).filter(({ id }) => !opened.has(id));
  const found = [...audits, ...others].filter(isPlanned);
  return found.sort((one, other) => ((one.scheduled_for ?? "") < (other.scheduled_for ?? "") ? -1 : 1));
}

export const isPlanned = ({ state }) => state === "planned";

// A plan that was dropped before anyone here had entered anything: nothing of it is left to do.
export const isDropped = ({ state, started_at: started, begun }) => state === "withdrawn" && !started && !begun;

// Returns the row of a planned audit as it was taken along, null where it was not.
export async function findAlong(store, id) {
  const along = await store.read("along", "along");
  const found = (along?.audits ?? []).find((one) => one.id === id && isPlanned(one));
  return found ? { ...found, known: true } : null;
}

// Begins a planned audit now, once, and keeps that until the server has heard of it.
export function beginPlanned(store, row) {
  return store.inTurn(row.id, async () => {
    const kept = (await store.read("audits", row.id)) ?? row;
    if (!isPlanned(kept)) return kept;
    const startedAt = new Date().toISOString();
    const begun = { started_at: startedAt, subjects: kept.repeats };
    const value = { ...kept, state: "in_progress", started_at: startedAt, begun };
    await store.write([{ store: "audits", id: row.id, value }]);
    return value;
  });
}

// What the server must be told of an audit before its changes count: how it began, null when it
// knows. Someone who may not begin it tells so once a time, not without end.
export function openingOf(row, first) {
  if (row && !row.known) return row.create ? { create: row.create } : null;
  return first && row?.begun && row.state === "in_progress" ? { begin: row.begun } : null;
}

// Returns what the server said of an audit, which is begun here as long as only this tablet knows.
export function stillBegun(known, said) {
  if (!known?.begun) return said;
  if (said.started_at) return { ...said, begun: undefined };
  if (!isPlanned(said)) return said;
  const { state, started_at: started, zone, services, repeats } = known;
  return { ...said, state, started_at: started, zone, services, repeats };
}
