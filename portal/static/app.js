/* Small things of every page: one listener each, nothing needed to read or to send a form. */
(() => {
  "use strict";
  const d = document;
  // A nervous second click on a slow line sends nothing twice.
  d.addEventListener("submit", (e) => {
    const f = e.target;
    if (f.method === "get" || e.defaultPrevented) return;
    if (f.dataset.going) return e.preventDefault();
    f.dataset.going = 1;
    setTimeout(() => delete f.dataset.going, 8000);
  });
  d.addEventListener("click", (e) => {
    const b = e.target.closest("[data-print],[data-copy]");
    // Menus close when the click lands elsewhere.
    for (const m of d.querySelectorAll("nav.menu details[open],.phone[open]")) if (!m.contains(e.target)) m.open = false;
    if (!b) return;
    if ("print" in b.dataset) return print();
    const from = d.getElementById(b.dataset.copy), box = d.createElement("textarea");
    box.value = from.value || from.innerText;
    d.body.append(box);
    box.select();
    d.execCommand("copy");
    box.remove();
    const was = b.textContent;
    b.textContent = "Tersalin";
    setTimeout(() => (b.textContent = was), 2000);
  });
  // A table that is wider than the screen can be scrolled by keyboard.
  for (const s of d.querySelectorAll(".scroll")) if (s.scrollWidth > s.clientWidth) s.tabIndex = 0;
  // A fragment that could not be fetched says so where the button is.
  d.addEventListener("htmx:sendError", (e) => (e.target.title = "Sambungan terputus. Coba lagi."));
  d.addEventListener("htmx:responseError", (e) => {
    if (e.detail.xhr.status === 401) location.href = "/masuk?next=" + encodeURIComponent(location.pathname);
  });
})();
