/* Tables of the isian page behave as Excel people expect: Enter and arrows, blocks from the
   clipboard, rows added and taken away. Loaded before entry.js, which calls S.grid once. */
(() => {
  "use strict";
  const S = (self.S ||= {}), $ = (id) => document.getElementById(id);
  const cell = (row, col) => row?.cells[col]?.querySelector("input:not([type=hidden]),select,textarea");
  const body = () => S.form.querySelector("tbody.rows");

  S.addRow = (uid, quiet) => {
    const tpl = $("baris"), box = document.createElement("tbody");
    if (!tpl || $("b-" + uid)) return;
    if (left() > 0) return;
    box.innerHTML = tpl.innerHTML.replaceAll("__", uid).replaceAll("#N", before() + body().rows.length + 1);
    body().append(box.rows[0]);
    if (!quiet) S.put("r:" + uid, "add:" + (before() + body().rows.length));
    return $("b-" + uid);
  };
  const newRow = () => $("baris") && S.addRow(S.rid());
  // A long table comes in pages: rows before this page, rows after it that are not here yet.
  const before = () => +body().dataset.at || 0;
  const left = () => (body().dataset.all || 0) - before() - body().rows.length;
  const more = async (n) => {
    const b = body(), t = document.createElement("tbody");
    n = Math.min(Math.max(n, 50), 500);
    const r = await fetch(S.here + "/baris?sesudah=" + b.lastElementChild.dataset.uid + "&banyak=" + n, {headers: {"X-Selaras": "1"}});
    if (!r.ok) throw r.status;
    t.innerHTML = await r.text();
    if (t.rows.length < n) b.dataset.all = 0;
    b.append(...t.rows);
    for (const o of S.core.queue()) if (o.t[0] === "c") S.core.fill(o.t, o.v);
    if (left() > 0) return;
    for (const x of S.form.querySelectorAll("[data-more]")) x.remove();
    for (const x of S.form.querySelectorAll(".add")) x.hidden = false;
  };
  const broken = (text) => {
    const p = $("putus") || document.createElement("p");
    Object.assign(p, {id: "putus", className: "warn", textContent: text});
    p.setAttribute("role", "alert");
    S.form.querySelector(".scroll").before(p);
  };
  const go = (td, dx, dy) => {
    let row = td.parentNode, col = td.cellIndex, c;
    if (dy) do row = dy > 0 ? row.nextElementSibling : row.previousElementSibling; while (row && !(c = cell(row, col)));
    else do col += dx; while (row.cells[col] && !(c = cell(row, col)));
    if (!c && dy > 0 && left() > 0) more(50).then(() => go(td, dx, dy), () => broken("Sambungan terputus. Baris berikutnya belum dapat dimuat."));
    else if (!c && dy > 0) c = cell(newRow(), col);
    c?.focus();
    return c;
  };
  // Cells with line breaks or tabs inside come in quotes.
  S.tsv = (s) => {
    const rows = [[""]], quoted = /"((?:[^"]|"")*)"(?=\t|\n|$)/y;
    s = s.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let i = 0; i < s.length; i++) {
      const r = rows.at(-1), c = s[i];
      quoted.lastIndex = i;
      const q = c === '"' && r.at(-1) === "" && quoted.exec(s);
      if (q) { r[r.length - 1] = q[1].replace(/""/g, '"'); i = quoted.lastIndex - 1; }
      else if (c === "\t") r.push("");
      else if (c === "\n") rows.push([""]);
      else r[r.length - 1] += c;
    }
    return rows;
  };
  const set = (c, v) => {
    if (c.options) {
      const o = [...c.options].find((x) => x.text.trim().toLowerCase() === v.trim().toLowerCase());
      if (!o) return;
      c.value = o.value;
    } else c.value = c.tagName === "TEXTAREA" ? v : v.replace(/\s*\n\s*/g, " ").trim();
    S.put(c.name, c.value, c);
  };

  S.grid = (form) => {
    if (!form.querySelector(".grid")) return;
    for (const b of form.querySelectorAll("[data-more]")) b.hidden = false;
    form.addEventListener("paste", async (e) => {
      const td = e.target.closest(".grid td"), s = e.clipboardData.getData("text/plain");
      if (!td || !/[\t\n]/.test(s.trim())) return;
      e.preventDefault();
      let row = td.parentNode;
      const lines = S.tsv(s), col = td.cellIndex, lack = () => lines.length - body().rows.length + [...body().rows].indexOf(row);
      $("putus")?.remove();
      try { while (lack() > 0 && left() > 0) await more(lack()); }
      catch {
        broken("Sambungan terputus: " + lack() + " baris terakhir dari tempelan belum masuk. Tempel lagi sesudah sambungan pulih.");
        lines.length -= lack();
      }
      for (const line of lines) {
        row ||= newRow();
        if (!row) break;
        line.forEach((v, i) => { const c = cell(row, col + i); if (c && !c.readOnly) set(c, v); });
        S.calc(row);
        row = row.nextElementSibling;
      }
    });
    form.addEventListener("keydown", (e) => {
      const i = e.target, td = i.closest(".grid td"), k = e.key, size = i.value?.length;
      if (!td || e.altKey || e.ctrlKey || e.metaKey || i.tagName === "BUTTON") return;
      const edge = (at) => i.selectionStart == null || (!i.selectionStart && i.selectionEnd === size) || (i.selectionStart === i.selectionEnd && i.selectionStart === at);
      let dx = 0, dy = 0;
      if (k === "Enter") dy = e.shiftKey ? -1 : 1;
      else if (i.tagName === "SELECT" || i.tagName === "TEXTAREA" && /Up|Down/.test(k) || i.type === "date") return;
      else if (k === "ArrowDown") dy = 1;
      else if (k === "ArrowUp") dy = -1;
      else if (k === "ArrowRight" && edge(size)) dx = 1;
      else if (k === "ArrowLeft" && edge(0)) dx = -1;
      else if (k === "Escape" && i.dataset.was != null) { set(i, i.dataset.was); return S.calc(i); }
      if ((dx || dy) && (go(td, dx, dy) || dy)) e.preventDefault();
    });
    form.addEventListener("focusin", (e) => {
      const i = e.target;
      if (i.select && i.closest(".grid")) { i.dataset.was = i.value; i.select(); }
    });
    form.addEventListener("click", (e) => {
      const b = e.target.closest("button[name],[data-more]");
      if (b && "more" in b.dataset) {
        const last = body().lastElementChild;
        return more(50).then(() => cell(last.nextElementSibling, [...last.cells].findIndex((c, i) => cell(last, i)))?.focus(), () => broken("Sambungan terputus. Coba lagi."));
      }
      if (!b || !/tambah|hapus/.test(b.name)) return;
      e.preventDefault();
      if (b.name === "tambah") return newRow()?.querySelector("input,select,textarea").focus();
      const row = $("b-" + b.value), gone = row.classList.toggle("gone");
      b.textContent = gone ? "Urungkan" : "Hapus";
      S.put("r:" + b.value, gone ? "del" : "undel");
      S.calc(row);
    });
  };
})();
