// How many items count, and how many of these have a response: the totals shown everywhere.

// `every` are the items asked, `given` the responses by key; headings and instructions do not count.
export function progress(every, given) {
  const counting = every.filter(({ item }) => item.answerable);
  return { total: counting.length, answered: counting.filter(({ key }) => given.has(key)).length };
}
