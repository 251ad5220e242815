/* Pictures of a paste: those inside the page (data:) and those that Word keeps beside it (RTF) are
   handed to the portal; of the others the clerk is told. Fetched when a paste holds one (rich.js). */
(() => {
  "use strict";
  const d = document, S = self.S;
  // Word names its pictures as files of the PC, which no page may read, but sends them as RTF too.
  const word = "(?:\\\\[a-z]+-?\\d*\\s?)*", uid = "(?:\\{\\\\\\*\\\\blipuid[^}]*\\})?";
  const drawn = (rtf) => [...rtf.matchAll(RegExp("\\\\(png|jpeg)blip" + word + uid + word + "\\s*([\\da-f\\s]{40,})\\}", "gi"))]
    .map((m) => [m[1], m[2].replace(/\s+/g, "").match(/../g).map((x) => parseInt(x, 16))]);
  const inside = (src) => {
    const m = /^data:image\/(png|jpe?g|gif|bmp|webp);base64,(.+)$/is.exec(src);
    try { return m && [m[1], [...atob(m[2].replace(/\s/g, ""))].map((x) => x.charCodeAt(0))]; } catch { return null; }
  };
  S.pictures = async (html, rtf) => {
    const page = new DOMParser().parseFromString(html.replace(/\sstyle=/gi, " data-s="), "text/html"), beside = drawn(rtf);
    let lost = 0;
    for (const i of page.querySelectorAll("img")) {
      const src = i.getAttribute("src") || "";
      if (/\/gambar\/[0-9a-f]{64}$/.test(src)) continue;
      const found = /^file:/i.test(src) ? beside.shift() : inside(src);
      const kept = found && (await S.upload(new File([new Uint8Array(found[1])], "tempelan." + found[0], {type: "image/" + found[0]})));
      if (kept) i.setAttribute("src", S.here + "/gambar/" + kept.sha256);
      else { i.remove(); lost++; }
    }
    return [page.body.innerHTML.replace(/ data-s=/g, " style="), lost];
  };
  S.lost = (r, n) => {
    const old = r.parentNode.querySelector(".lost"), p = old || Object.assign(d.createElement("p"), {className: "warn lost"});
    p.setAttribute("role", "status");
    p.textContent = n + " gambar tidak ikut tertempel. Salin gambarnya satu per satu dari Word, atau pakai tombol Gambar.";
    if (n && !old) r.after(p);
    if (!n) old?.remove();
  };
})();
