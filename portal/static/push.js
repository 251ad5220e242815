/* One button: let this browser take reminders. Nothing depends on it. */
(() => {
  "use strict";
  const b = document.querySelector("[data-push]"), say = document.querySelector("[data-push-said]");
  if (!b || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  b.hidden = false;
  const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (s.length % 4)) % 4)), (c) => c.charCodeAt(0));
  b.addEventListener("click", async () => {
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("Peramban tidak mengizinkan pemberitahuan. Ubah izinnya di pengaturan peramban.");
      const worker = await navigator.serviceWorker.register("/sw.js"); // it carries push-sw.js
      const young = worker.installing || worker.waiting;
      if (young && !worker.active) await new Promise((go) => young.addEventListener("statechange", () => young.state === "activated" && go()));
      const sub = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(b.dataset.push) });
      const answer = await fetch("/pesan/push", { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": b.dataset.token, "X-Requested-With": "fetch" }, body: JSON.stringify(sub) });
      if (!answer.ok) throw new Error(await answer.text());
      location.reload();
    } catch (e) {
      say.textContent = e.name === "AbortError" ? "Layanan pemberitahuan peramban tidak terjangkau. Coba lagi saat terhubung ke internet." : e.message;
    }
  });
})();
