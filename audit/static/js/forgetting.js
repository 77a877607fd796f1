// The one place where a tablet forgets: after a proof from the server that was compared.

// What is kept of an audit goes; its row and the receipt `receipt` stay.
export async function forget(store, audit, receipt) {
  const row = await store.read("audits", audit);
  const kept = [
    { store: "audits", id: audit, value: { ...row, number: receipt.number, state: "completed" } },
    { store: "receipts", id: audit, audit, value: { ...receipt, audit } },
  ];
  const gone = [];
  for (const name of ["cells", "files", "bytes", "thumbs", "closings"]) {
    const rows = await store.sealedRows(name, audit);
    gone.push(...rows.map(({ id }) => ({ store: name, id, audit, gone: true })));
  }
  await store.write([...gone, ...kept], { heard: true });
}
