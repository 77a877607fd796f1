// The one way in which pages start workers: only files of our own, named by us.

const policy = window.trustedTypes?.createPolicy("our-workers", {
  createScriptURL(address) {
    const { origin, pathname } = new URL(address, location.href);
    const ours = pathname === "/sw.js" || pathname.startsWith("/static/b/");
    if (origin !== location.origin || !ours) throw new TypeError(`${address} is no worker of ours`);
    return address;
  },
});

const trusted = (address) => policy?.createScriptURL(address) ?? address;

// Starts the worker in the file `name` beside this one.
export function startWorker(name) {
  return new Worker(trusted(new URL(name, import.meta.url).href), { type: "module" });
}

// Registers the service worker, which keeps the pages of a tablet.
export function registerKeeper() {
  return navigator.serviceWorker.register(trusted("/sw.js"), { updateViaCache: "none" });
}
