// Watches a page from before its first script: when it is ready, what holds it up, and how long
// a tap and a photo take. Times are those of the page, in milliseconds since it was called up.

(() => {
  const seen = { ready: 0, tasks: [], frames: [], stored: [], photos: [] };
  window.benchSeen = seen;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.tasks.push([startTime, duration]);
  }).observe({ type: "longtask", buffered: true });

  // Shown, and its last script has said how safe the work is: everything listens by then.
  const look = () => {
    const shown = document.querySelector("#visit")?.hidden === false;
    if (shown && document.querySelector("#status")?.textContent) seen.ready = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  // The task after a frame's callbacks is the first that finds it painted.
  const afterFrame = (act) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    port2.postMessage(null);
  });

  const until = (place, holds, act) => {
    const watching = new MutationObserver(() => {
      if (!holds()) return;
      watching.disconnect();
      act();
    });
    watching.observe(place, { childList: true, subtree: true });
  };

  window.addEventListener("click", (event) => {
    if (!event.target.matches?.(".pick input")) return;
    const begun = event.timeStamp;
    afterFrame(() => seen.frames.push(performance.now() - begun));
    const state = event.target.closest("[data-asked]").querySelector("[data-state]");
    until(state, () => state.textContent, () => seen.stored.push(performance.now() - begun));
  }, true);

  window.addEventListener("change", (event) => {
    if (!event.target.matches("input[data-photo]")) return;
    const begun = performance.now();
    const list = event.target.closest("[data-asked]").querySelector("[data-photos]");
    const before = list.children.length;
    until(list, () => list.children.length > before, () => seen.photos.push([begun, performance.now()]));
  }, true);
})();
