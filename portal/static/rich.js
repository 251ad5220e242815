/* Rich text of the isian page: a small editor of our own, and a Word paste made plain.

   What is sent is written as the server stores it (richtext.py), so that a save carries only the
   words that changed; the server cleans again and surely. Loaded before entry.js, which calls
   S.rich once. */
(() => {
  "use strict";
  const d = document, S = (self.S ||= {});
  const pic = /(?:^blob:|\/gambar\/)([0-9a-f]{64})$/;
  const INLINE = {B: "strong", STRONG: "strong", I: "em", EM: "em", U: "u", INS: "u", SUP: "sup", SUB: "sub"};
  const BLOCK = "P,DIV,H1,H2,H3,H4,H5,H6,BLOCKQUOTE,PRE,SECTION,ARTICLE,CENTER,UL,OL,LI,TABLE".split(",");
  const is = (n, ...tags) => tags.includes(n.tagName);
  const esc = (s) => s.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const flat = (s) => s.replace(/[ \t\n\xa0]+/g, " ");
  const trim = (s) => s.replace(/^(<br>|\s)+|(<br>|\s)+$/g, "");
  const css = (n) => n.getAttribute("data-s") || n.getAttribute("style") || "";
  const holds = (n) => n.querySelector(BLOCK);

  const inline = (n) => {
    if (n.nodeType !== 1) return n.nodeType === 3 ? esc(n.data) : "";
    if (is(n, "BR")) return "<br>";
    if (/^(STYLE|SCRIPT|META|TITLE|XML|O:P)$/i.test(n.tagName) || /mso-list:\s*Ignore/i.test(css(n))) return "";
    if (is(n, "IMG")) {
      const m = pic.exec(n.getAttribute("src") || "");
      return m ? '<img src="blob:' + m[1] + '" alt="' + esc(n.alt).replace(/"/g, "&quot;") + '">' : "";
    }
    let s = kids(n), tag = INLINE[n.tagName];
    if (n.dataset.fig) return '<span data-fig="' + esc(n.dataset.fig).replace(/"/g, "&quot;") + '">' + s + "</span>";
    if (!s.trim()) return s && " ";
    const bold = tag === "strong" ? !/font-weight:\s*(normal|[1-5]00)/.test(css(n)) : /font-weight:\s*(bold|[6-9]00)/.test(css(n));
    if (tag === "em" || /font-style:\s*italic/.test(css(n))) s = "<em>" + s + "</em>";
    if (/^(u|su[bp])$/.test(tag)) s = "<" + tag + ">" + s + "</" + tag + ">";
    return bold ? "<strong>" + s + "</strong>" : s;
  };
  const kids = (n) => flat([...n.childNodes].map(inline).join(""));
  const para = (s) => (s = trim(s)) && "<p>" + s + "</p>";
  const list = (n) => {
    const items = [];
    for (const c of n.children) {
      if (is(c, "UL", "OL")) items.push((items.pop() || "<li></li>").slice(0, -5) + list(c) + "</li>");
      else {
        const s = flat([...c.childNodes].map((k) => k.nodeType === 1 && is(k, "UL", "OL") ? list(k) : inline(k)).join("")).trim();
        if (s) items.push("<li>" + s + "</li>");
      }
    }
    const tag = n.tagName.toLowerCase();
    return items.length ? "<" + tag + ">" + items.join("") + "</" + tag + ">" : "";
  };
  const cell = (n) => {
    let s = "";
    for (const c of n.childNodes) s += c.nodeType === 1 && BLOCK.includes(c.tagName) ? "\n" + kids(c) + "\n" : flat(inline(c));
    return s.split("\n").map((x) => x.trim()).filter(Boolean).join("<br>");
  };
  const table = (n) => {
    let s = "";
    for (const r of n.rows) {
      let line = "";
      for (const c of r.cells) {
        const tag = c.tagName.toLowerCase();
        line += "<" + tag + (c.colSpan > 1 ? ' colspan="' + c.colSpan + '"' : "") + (c.rowSpan > 1 ? ' rowspan="' + c.rowSpan + '"' : "") + ">" + cell(c) + "</" + tag + ">";
      }
      s += line && "<tr>" + line + "</tr>";
    }
    return s && "<table><tbody>" + s + "</tbody></table>";
  };
  const blocks = (n) => {
    let out = "", loose = "", items = "", kind;
    const end = () => {
      out += para(flat(loose)) + (items && "<" + kind + ">" + items + "</" + kind + ">");
      loose = items = "";
    };
    for (const c of n.childNodes) {
      const block = c.nodeType === 1 && (BLOCK.includes(c.tagName) || !is(c, "BR", "IMG") && holds(c));
      // Word writes list items as paragraphs with a marker.
      if (block && is(c, "P") && /mso-list:\s*l/i.test(css(c))) {
        const as = /^\s*\(?(\d+|[a-z])[.)]/i.test(c.textContent) ? "ol" : "ul";
        if (loose.trim() || as !== kind) end();
        kind = as;
        items += "<li>" + kids(c).trim() + "</li>";
        continue;
      }
      if (!block) { if (loose.trim() || !is(c, "BR")) loose += inline(c); if (loose.trim() && items) { const l = loose; loose = ""; end(); loose = l; } continue; }
      end();
      if (is(c, "UL", "OL")) out += list(c);
      else if (is(c, "TABLE")) out += table(c);
      else if (holds(c)) out += blocks(c);
      else { const s = trim(kids(c)); out += s && para(/^H\d/.test(c.tagName) ? "<strong>" + s + "</strong>" : s); }
    }
    end();
    return out;
  };

  S.web = (v) => v.replace(/src="blob:([0-9a-f]{64})"/g, 'src="' + S.here + '/gambar/$1"');
  S.html = blocks;
  // The page's own rules refuse foreign styles; they are read here, never applied.
  S.clean = (s) => S.web(blocks(new DOMParser().parseFromString(s.replace(/\sstyle=/gi, " data-s="), "text/html").body));

  const run = (cmd, v) => d.execCommand(cmd, false, v);
  // No table stands in a list: with the caret there, it goes below the list.
  const insert = (r, html) => {
    const pick = getSelection();
    let n = pick.anchorNode;
    while (n && n.parentNode !== r) n = n.parentNode;
    if (n && is(n, "UL", "OL") && /<table/i.test(html)) {
      const p = d.createElement("p");
      p.append(d.createElement("br"));
      n.after(p);
      pick.collapse(p, 0);
    }
    run("insertHTML", html);
  };
  const upload = async (file) => {
    const a = await S.upload(file);
    if (a) run("insertHTML", '<p><img src="' + S.here + "/gambar/" + a.sha256 + '" alt=""></p>');
  };
  const pictures = (r, h, rtf) => {
    const pick = getSelection(), at = pick.rangeCount && pick.getRangeAt(0).cloneRange();
    const put = async () => {
      const [t, n] = await S.pictures(h, rtf);
      r.focus();
      if (at) { pick.removeAllRanges(); pick.addRange(at); }
      insert(r, S.clean(t));
      S.lost(r, n);
    };
    if (S.pictures) put();
    else d.head.append(Object.assign(d.createElement("script"), {src: d.getElementById("isian").dataset.b, onload: put, onerror: () => run("insertHTML", S.clean(h))}));
  };
  const paste = (e) => {
    const c = e.clipboardData, h = c.getData("text/html"), file = [...c.files].find((x) => /^image\//.test(x.type));
    e.preventDefault();
    if (file && !h.replace(/<[^>]*>/g, "").trim()) return upload(file);
    if (/<img\b/i.test(h)) return pictures(e.currentTarget, h, c.getData("text/rtf"));
    insert(e.currentTarget, h ? S.clean(h) : esc(c.getData("text/plain")).split(/\n+/).map((p) => "<p>" + p + "</p>").join(""));
  };
  const TOOLS = [
    ["<b>B</b>", "Tebal (Ctrl+B)", "bold"], ["<i>I</i>", "Miring (Ctrl+I)", "italic"],
    ["• Daftar", "Daftar butir", "insertUnorderedList"], ["1. Daftar", "Daftar bernomor", "insertOrderedList"],
    ["Angka", "Sisipkan angka dari data", 3], ["Tabel", "Sisipkan tabel 3 × 3", 1], ["Gambar", "Sisipkan gambar", 2], ["↶", "Urungkan (Ctrl+Z)", "undo"],
  ];
  const press = (r, cmd) => {
    r.focus();
    if (cmd === 3) {
      if (S.fig) return S.fig(r);
      d.head.append(Object.assign(d.createElement("script"), {src: d.getElementById("isian").dataset.a, onload: () => S.fig(r)}));
    } else if (cmd === 1) insert(r, "<table>" + ("<tr>" + "<td><br></td>".repeat(3) + "</tr>").repeat(3) + "</table><p><br></p>");
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
