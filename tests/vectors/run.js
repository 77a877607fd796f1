// Runs cases through the tablet's rules; evaluated in a page. Gives what cases.py gives in Python.
async ([address, text]) => {
  const rules = await import(address);
  const { definition, today, reads, situations } = JSON.parse(text);
  const items = new Map(
    definition.sections.flatMap((section) =>
      section.items.flatMap((item) => [item, ...(item.items ?? [])]).map((item) => [item.code, item])),
  );

  function reading(item, raw, services) {
    try {
      const response = rules.read(item, raw);
      if (response) rules.allowAbsence(item, response, services);
      return { response };
    } catch (refusal) {
      if (!(refusal instanceof rules.Refusal)) throw refusal;
      return { refused: [refusal.code, refusal.words] };
    }
  }

  function readCase({ item: code, raw, services = [] }) {
    const item = items.get(code);
    const { response, refused } = reading(item, raw, new Set(services));
    if (refused) return { refused };
    if (!response) return { reads: null };
    const stands = response.absent ? {} : { stands: rules.judge(item, response.parts, today) };
    return { reads: rules.stored(response), ...stands, says: rules.say(item, response) };
  }

  function comeTo({ services = [], repeats = {}, given = {}, photos = {}, on = today }) {
    const groups = Object.entries(repeats).map(([group, subjects]) => (
      [group, subjects.map(([id, label]) => ({ id, label }))]
    ));
    const situation = {
      services: new Set(services), repeats: Object.fromEntries(groups), given: new Map(),
    };
    const refusals = {};
    for (const [key, raw] of Object.entries(given)) {
      const { response, refused } = reading(items.get(key.split("@")[0]), raw, situation.services);
      if (refused) refusals[key] = refused;
      else if (response) situation.given.set(key, response);
    }
    const every = rules.asked(definition, situation);
    const found = rules.findings(definition, situation, on);
    const far = rules.progress(every, situation.given);
    const counts = new Map(Object.entries(photos));
    return {
      asked: every.map(({ key, number }) => [key, number]),
      progress: [far.total, far.answered],
      about: Object.fromEntries(every.filter((one) => one.about).map(({ key, about }) => [key, about])),
      refused: refusals,
      lacks: rules.lacking(definition, situation, counts, on).map((one) => [one.key ?? one.group, one.words]),
      findings: found.map(({ key, severity, standing }) => [key, severity, standing]),
      outcome: rules.outcome(definition, found),
      judged: rules.judged(definition, situation, on),
    };
  }

  return JSON.stringify({ reads: reads.map(readCase), situations: situations.map(comeTo) });
}
