/* Rich text of the isian page: a small editor of our own, and a Word paste made plain.

   The server cleans again and surely; this only keeps the page quick and honest. Loaded before
   entry.js, which calls S.rich once. */
(() => {
  "use strict";
  const d = document, S = (self.S ||= {});
  const pic = /(?:^blob:|\/gambar\/)([0-9a-f]{64})$/;
  S.web = (v) => v.replace(/src="blob:([0-9a-f]{64})"/g, 'src="' + S.here + '/gambar/$1"');
  S.html = (e) => e.innerHTML.replaceAll('src="' + S.here + "/gambar/", 'src="blob:').replace(/^(<br>|<p><br><\/p>)$/, "");
  const TAGS = {DIV: "p", STRONG: "b", EM: "i"};
  for (const t of "p br b i ul ol li table tbody tr td th".split(" ")) TAGS[t.toUpperCase()] = t;
  for (const n of "123456") TAGS["H" + n] = "p";

  S.clean = (s) => {
    const to = d.createElement("div");
    const walk = (n, into) => {
      for (const c of n.childNodes) {
        if (c.nodeType === 3) into.append(c.data.replace(/\s+/g, " "));
        if (c.nodeType !== 1 || /^(STYLE|SCRIPT|META|TITLE|XML|O:P)$/i.test(c.tagName)) continue;
        const css = c.getAttribute("data-s") || "", add = (tag) => into.appendChild(d.createElement(tag));
        if (/mso-list:\s*Ignore/i.test(css)) continue;
        if (c.tagName === "IMG") {
          const m = pic.exec(c.getAttribute("src") || "");
          if (m) Object.assign(add("img"), {src: S.here + "/gambar/" + m[1], alt: c.alt});
          continue;
        }
        // Word writes list items as paragraphs with a marker.
        if (c.tagName === "P" && /mso-list:\s*l/i.test(css)) {
          const kind = /^\s*(\d+|[a-z])[.)]/i.test(c.textContent) ? "OL" : "UL";
          const list = into.lastChild?.tagName === kind ? into.lastChild : add(kind);
          walk(c, list.appendChild(d.createElement("li")));
          continue;
        }
        let tag = TAGS[c.tagName];
        if (tag === "b" && /font-weight:\s*normal/.test(css)) tag = "";
        if (!tag) { walk(c, /font-weight:\s*(bold|[6-9]00)/.test(css) ? add("b") : into); continue; }
        const e = add(tag);
        for (const a of ["colspan", "rowspan"]) if (c.getAttribute(a) > 1) e.setAttribute(a, c.getAttribute(a));
        walk(c, /^H\d/.test(c.tagName) ? e.appendChild(d.createElement("b")) : e);
      }
    };
    // The page's own rules refuse foreign styles; they are read here, never applied.
    walk(new DOMParser().parseFromString(s.replace(/\sstyle=/gi, " data-s="), "text/html").body, to);
    return to.innerHTML.replace(/<p>\s*<\/p>/g, "");
  };

  const run = (cmd, v) => d.execCommand(cmd, false, v);
  const upload = async (file) => {
    const a = await S.upload(file);
    if (a) run("insertHTML", '<p><img src="' + S.here + "/gambar/" + a.sha256 + '" alt=""></p>');
  };
  const paste = (e) => {
    const c = e.clipboardData, h = c.getData("text/html"), file = [...c.files].find((x) => /^image\//.test(x.type));
    const box = d.createElement("div");
    e.preventDefault();
    if (file && !h.replace(/<[^>]*>/g, "").trim()) return upload(file);
    box.append(c.getData("text/plain"));
    run("insertHTML", h ? S.clean(h) : box.innerHTML.split(/\n+/).map((p) => "<p>" + p + "</p>").join(""));
  };
  const TOOLS = [
    ["<b>B</b>", "Tebal (Ctrl+B)", "bold"], ["<i>I</i>", "Miring (Ctrl+I)", "italic"],
    ["• Daftar", "Daftar butir", "insertUnorderedList"], ["1. Daftar", "Daftar bernomor", "insertOrderedList"],
    ["Tabel", "Sisipkan tabel 3 × 3", 1], ["Gambar", "Sisipkan gambar", 2], ["↶", "Urungkan (Ctrl+Z)", "undo"],
  ];
  const press = (r, cmd) => {
    r.focus();
    if (cmd === 1) run("insertHTML", "<table>" + ("<tr>" + "<td><br></td>".repeat(3) + "</tr>").repeat(3) + "</table><p><br></p>");
    else if (cmd === 2) {
      const p = d.createElement("input");
      Object.assign(p, {type: "file", accept: "image/png,image/jpeg", onchange: () => p.files[0] && upload(p.files[0])}).click();
    } else run(cmd);
  };
  // The box with simple markup gives way to the editor, unless somebody has begun in it already.
  S.rich = (form) => {
    for (const r of form.querySelectorAll(".rich[hidden]")) {
      const area = r.previousElementSibling, bar = d.createElement("div");
      if (area.value !== area.defaultValue) continue;
      for (const [t, title, cmd] of TOOLS) {
        const b = d.createElement("button");
        bar.append(Object.assign(b, {type: "button", innerHTML: t, title, onmousedown: (e) => e.preventDefault(), onclick: () => press(r, cmd)}));
      }
      bar.className = "tools";
      bar.setAttribute("role", "toolbar");
      bar.setAttribute("aria-label", "Bentuk teks");
      area.replaceWith(bar);
      r.hidden = false;
      r.contentEditable = "true";
      r.addEventListener("paste", paste);
      run("defaultParagraphSeparator", "p");
    }
  };
})();
