// The service worker: keeps the pages of a tablet and their files. It never touches what people
// entered. BUILD and FILES are put in front of this by the server.
//
// Taking in a new version fails loudly: the old one then stays whole. It waits until it is told.

const FILES_HERE = `files-${BUILD}`;
const PAGES_HERE = `pages-${BUILD}`;
const START = "/visit";
const BEFORE = "versions";

self.addEventListener("install", (event) => event.waitUntil(takeIn()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.waitUntil(heed(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/b/")) event.respondWith(fileOr(request));
  else if (request.mode === "navigate") event.respondWith(page(request, pathname));
});

async function takeIn() {
  await keepFiles();
  // Every page that the tablet has now, or an audit begun on it could not be opened any more.
  const kept = (await pagesOf(await caches.keys())).map(({ url }) => new URL(url).pathname);
  await keepPages([...new Set([START, ...kept])]);
}

async function keepFiles() {
  const cache = await caches.open(FILES_HERE);
  // Their addresses name the build, so what the page before has fetched is good here as well.
  await cache.addAll(FILES);
}

async function keepPages(addresses) {
  const cache = await caches.open(PAGES_HERE);
  for (const address of addresses) {
    const response = await fetch(address, { cache: "reload", redirect: "error", credentials: "omit" });
    const text = await response.clone().text();
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html");
    // Anything else is a sign-in of some network, or a version that does not fit these files.
    const ours = response.status === 200 && isPage && text.includes(`/static/b/${BUILD}/`);
    if (!ours) throw new Error(`${address} is not a page of ${BUILD}`);
    await cache.put(address, response);
  }
}

async function pagesOf(names) {
  const found = [];
  for (const name of names.filter((one) => one.startsWith("pages-"))) {
    found.push(...(await (await caches.open(name)).keys()));
  }
  return found;
}

// The version before stays for tabs that still show it; older ones go.
async function tidy() {
  const versions = await caches.open(BEFORE);
  const last = await (await versions.match("/last"))?.text();
  const before = last && last !== BUILD ? last : null;
  const stay = new Set([BUILD, before].filter(Boolean));
  for (const name of await caches.keys()) {
    const [sort, build] = name.split("-");
    if (["files", "pages"].includes(sort) && !stay.has(build)) await caches.delete(name);
  }
  await versions.put("/last", new Response(BUILD));
  await self.clients.claim();
}

async function heed({ data, ports }) {
  if (data?.act === "switch") await self.skipWaiting();
  if (data?.act !== "keep") return;
  const kept = await keep(data.pages).then(
    () => true,
    () => false,
  );
  ports[0].postMessage(kept);
}

// After signing out the files are gone as well; what is kept already is not fetched again.
async function keep(addresses) {
  const files = await caches.open(FILES_HERE);
  if ((await files.keys()).length < FILES.length) await keepFiles();
  const pages = await caches.open(PAGES_HERE);
  const known = new Set((await pages.keys()).map(({ url }) => new URL(url).pathname));
  await keepPages([START, ...addresses].filter((address) => !known.has(address)));
}

async function fileOr(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function page(request, pathname) {
  const pages = await caches.open(PAGES_HERE);
  const kept = pathname.startsWith(START) && (await pages.match(pathname));
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (!(await pages.match(START))) throw error;
    // Led there, nobody takes the list for the page they asked for.
    return Response.redirect(START);
  }
}
