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
  // What the browser would say in its own language is said in ours.
  const said = (f, v) =>
    v.valueMissing
      ? f.type === "file" ? "Pilih dahulu berkasnya." : /radio|checkbox|select/.test(f.type) ? "Pilih dahulu salah satu." : "Bagian ini wajib diisi."
      : v.tooShort ? `Isi sedikitnya ${f.minLength} huruf.` : v.valid ? "" : "Isian ini belum benar.";
  d.addEventListener("invalid", ({ target: f }) => {
    f.setCustomValidity("");
    f.setCustomValidity(said(f, f.validity));
  }, true);
  d.addEventListener("input", ({ target: f }) => f.setCustomValidity && f.setCustomValidity(""), true);
  for (const f of d.querySelectorAll("[type=file]")) {
    const box = d.createElement("span"), name = d.createElement("span"), b = d.createElement("span");
    box.className = "file";
    b.className = "button";
    b.textContent = f.multiple ? "Pilih berkas-berkas" : "Pilih berkas";
    name.textContent = "belum ada yang dipilih";
    for (const x of [b, name]) x.setAttribute("aria-hidden", "true");
    f.before(box);
    box.append(f, b, name);
    f.addEventListener("change", () => (name.textContent = [...f.files].map((x) => x.name).join(", ") || "belum ada yang dipilih"));
  }
  // A table that is wider than the screen can be scrolled by keyboard.
  for (const s of d.querySelectorAll(".scroll")) if (s.scrollWidth > s.clientWidth) s.tabIndex = 0;
  // A fragment that could not be fetched says so where the button is.
  d.addEventListener("htmx:sendError", (e) => (e.target.title = "Sambungan terputus. Coba lagi."));
  d.addEventListener("htmx:responseError", (e) => {
    if (e.detail.xhr.status === 401) location.href = "/masuk?next=" + encodeURIComponent(location.pathname);
  });
})();
