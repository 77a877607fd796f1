// Whether this browser can keep an audit at all, and how well: tried, not assumed.

const PROBE = "hygiene-probe";
const A_YEAR_S = 31_536_000;

// Writes to the disk and reads back. Returns null when it works, else what to say.
export async function whyNotKept() {
  if (!window.isSecureContext || !crypto.subtle) {
    return "The address must begin with https, so that the browser may keep and protect data.";
  }
  if (!navigator.serviceWorker) {
    return "This window cannot open pages without a network. A private window cannot; a usual one can.";
  }
  try {
    const written = crypto.randomUUID();
    if ((await writtenAndRead(written)) === written) return null;
  } catch {
    // Why the disk refused differs by browser; what to do is the same.
  }
  return "This window could not keep what was written to it. Use a usual window, not a private one, and look whether the tablet is full.";
}

function writtenAndRead(text) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(PROBE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("probe");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const writing = database.transaction("probe", "readwrite", { durability: "strict" });
      writing.objectStore("probe").put(text, "text");
      writing.onabort = () => reject(writing.error);
      writing.oncomplete = () => {
        const reading = database.transaction("probe").objectStore("probe").get("text");
        reading.onerror = () => reject(reading.error);
        reading.onsuccess = () => {
          database.close();
          indexedDB.deleteDatabase(PROBE);
          resolve(reading.result);
        };
      };
    };
  });
}

// Lets the server lead to the tablet's pages from now on, or no longer. No secret: yes or nothing.
export function rememberKeeps(keeps) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = keeps ? A_YEAR_S : 0;
  document.cookie = `tablet=keeps; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

// Asks the browser to keep the data for good as soon as there is something to keep.
export function askOnceSaved(store) {
  let asked = !navigator.storage?.persist;
  store.onEntered(async () => {
    if (asked) return;
    asked = true;
    if (!(await navigator.storage.persisted())) await navigator.storage.persist();
  });
}

// Shows whether the browser promised to keep the data, and lets people ask for it.
export async function showPromise(place) {
  const button = place.querySelector("[data-act=ask]");
  const show = (promised) => {
    place.className = `answer ${promised ? "good" : "warn"}`;
    place.querySelector("[data-words]").textContent = promised
      ? "This tablet has promised to keep the data until you are done with it."
      : "This tablet has not promised to keep the data: when it runs full, the browser may delete it. Install the app, and hand in soon.";
    button.hidden = promised;
  };
  const { storage } = navigator;
  if (!storage?.persisted) return show(false);
  button.addEventListener("click", async () => show(await storage.persist()));
  return show(await storage.persisted());
}

// Offers to install; where the browser has no button for it, says how.
export function showInstall(place) {
  if (window.matchMedia("(display-mode: standalone)").matches || navigator.standalone) return;
  const words = place.querySelector("[data-words]");
  const button = place.querySelector("[data-act=install]");
  if (navigator.standalone === false) {
    words.textContent =
      "Install it first: tap Share, then “Add to Home Screen”, and sign in there. A tab and the installed app keep their data apart, and only the app keeps it for long.";
    place.hidden = false;
  }
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    words.textContent = "Install it, so that the tablet keeps the data better and opens it with one tap.";
    place.hidden = button.hidden = false;
    button.onclick = () => event.prompt();
  });
  window.addEventListener("appinstalled", () => (place.hidden = true));
}
