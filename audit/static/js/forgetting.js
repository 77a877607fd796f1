// The one place where a tablet forgets: after a proof from the server that was compared.

// What lies here of an audit. Noted before anything is compared: what comes after that stays.
export async function heldOf(store, audit) {
  const held = [];
  for (const name of ["cells", "files", "bytes", "thumbs", "closings"]) {
    const rows = await store.sealedRows(name, audit);
    held.push(...rows.map(({ id }) => ({ store: name, id, audit, gone: true })));
  }
  return held;
}

// What was `held` of an audit goes; its row and the receipt `receipt` stay.
export async function forget(store, audit, receipt, held) {
  const row = await store.read("audits", audit);
  const kept = [
    { store: "audits", id: audit, value: { ...row, number: receipt.number, state: "completed" } },
    { store: "receipts", id: audit, audit, value: { ...receipt, audit } },
  ];
  await store.write([...held, ...kept], { heard: true });
}
