/* Web push: shown when it comes, opened when it is tapped; both are told to the portal. */
self.addEventListener("push", (e) => {
  let d = {};
  try { d = e.data.json(); } catch (_) { return; }
  const told = (apa) => d.token ? fetch(`/pesan/push/kabar/${d.token}?apa=${apa}`, { method: "POST", credentials: "omit" }).catch(() => {}) : null;
  e.waitUntil(Promise.all([
    self.registration.showNotification(d.title || "Selaras", { body: d.body || "", tag: d.token, data: { url: d.url || "/pesan", token: d.token } }),
    told("sampai"),
  ]));
});
self.addEventListener("notificationclick", (e) => {
  const d = e.notification.data || {};
  e.notification.close();
  e.waitUntil(Promise.all([
    clients.openWindow(d.url && d.url[0] === "/" ? d.url : "/pesan"),
    d.token ? fetch(`/pesan/push/kabar/${d.token}?apa=dibaca`, { method: "POST", credentials: "omit" }).catch(() => {}) : null,
  ]));
});
