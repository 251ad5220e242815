/* The last board stays readable without a connection, and says from when it is. */
importScripts("/static/push-sw.js");
const SHELL = "selaras-kulit", LAST = "selaras-papan", BOARDS = /^\/(ringkasan|serapan)(\/opd\/\d+)?$/;
self.addEventListener("install", (e) => {
  e.waitUntil(caches.open(SHELL).then((c) => c.add("/luring")).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));
const keep = (name, key, answer) => caches.open(name).then((c) => c.put(key, answer));
const page = async (r, path) => {
  try {
    const answer = await fetch(r);
    // Who is sent to the door has no board any more.
    if (new URL(answer.url).pathname === "/masuk") await caches.delete(LAST);
    else if (answer.ok && !answer.redirected && BOARDS.test(path)) await keep(LAST, path, answer.clone());
    return answer;
  } catch (_) {
    const last = await caches.open(LAST);
    return (await last.match(path)) || (path === "/" && ((await last.match("/ringkasan")) || (await last.match((await last.keys())[0] || "/")))) || caches.match("/luring");
  }
};
const file = async (r) => {
  const known = await caches.match(r);
  if (known) return known;
  const answer = await fetch(r);
  if (answer.ok && r.url.includes("?v=")) await keep(SHELL, r, answer.clone());
  return answer;
};
self.addEventListener("fetch", (e) => {
  const r = e.request, u = new URL(r.url);
  if (u.origin !== location.origin) return;
  if (r.method === "POST" && u.pathname === "/keluar") return e.waitUntil(caches.delete(LAST));
  if (r.method !== "GET") return;
  if (r.mode === "navigate") e.respondWith(page(r, u.pathname));
  else if (u.pathname.startsWith("/static/")) e.respondWith(file(r));
});
