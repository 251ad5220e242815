/* Installs the service worker; a board that comes from the phone's memory says so. */
(() => {
  "use strict";
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
  const b = document.querySelector("[data-board]");
  const tell = () => {
    let p = document.getElementById("luring");
    if (navigator.onLine) return p && p.remove();
    if (p || !b) return;
    p = document.createElement("p");
    p.id = "luring";
    p.className = "warn";
    p.setAttribute("role", "status");
    p.textContent = `Tanpa sambungan. Data per ${b.dataset.board}.`;
    b.prepend(p);
  };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
  let ask;
  const go = document.querySelector("[data-install]");
  addEventListener("beforeinstallprompt", (e) => {
    e.preventDefault();
    ask = e;
    if (go) go.hidden = false;
  });
  if (go) go.addEventListener("click", () => ask && ask.prompt());
})();
