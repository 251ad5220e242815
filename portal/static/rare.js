/* The isian page, what happens rarely: two people in one field, a session that ended, typing that
   came too late. Fetched by entry.js when it happens; nothing here holds the only copy of a text. */
(() => {
  "use strict";
  const d = document, S = self.S, C = S.core, {el, field, put, drop, keep, send, show, $} = C, panel = $("bentrok");
  const button = (text, onclick, className) => el("button", text, {type: "button", onclick, className: className || ""});

  // ---- Which words differ: common beginning and end first, then the longest common row of words
  const plain = (v, rich) => {
    if (!rich) return v;
    const box = el("div", "", {innerHTML: S.clean(v)});
    for (const b of box.querySelectorAll("br,p,li,tr")) b.after("\n");
    for (const b of box.querySelectorAll("td,th")) b.after(" ");
    for (const b of box.querySelectorAll("li")) b.prepend("• ");
    for (const b of box.querySelectorAll("img")) b.after("[gambar]");
    return box.textContent.trim();
  };
  const split = (s) => s.match(/\S+\s*|\s+/g) || [];
  const differing = (a, b) => {
    [a, b] = [a, b].map((l) => l.map((w) => w.trim()));
    let s = 0, n = 0;
    while (s < a.length && s < b.length && a[s] === b[s]) s++;
    while (n < a.length - s && n < b.length - s && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
    const x = a.slice(s, a.length - n), y = b.slice(s, b.length - n), m = x.length, k = y.length;
    const one = a.map((w, i) => i >= s && i < a.length - n), two = b.map((w, i) => i >= s && i < b.length - n);
    if (m * k > 250000) return [one, two];
    const t = Array.from({length: m + 1}, () => new Uint16Array(k + 1));
    for (let i = m; i--;) for (let j = k; j--;) t[i][j] = x[i] === y[j] ? t[i + 1][j + 1] + 1 : Math.max(t[i + 1][j], t[i][j + 1]);
    for (let i = 0, j = 0; i < m && j < k;) {
      if (x[i] === y[j]) { one[s + i++] = two[s + j++] = false; }
      else if (t[i + 1][j] >= t[i][j + 1]) i++;
      else j++;
    }
    return [one, two];
  };
  const side = (title, words, marks, to) => {
    const b = el("div", "", {role: "group", "aria-label": title}), c = el("div", "", {tabIndex: 0});
    b.append(el("b", title), c);
    words.forEach((w, i) => {
      const last = c.lastChild;
      if (!marks[i]) c.append(w);
      else if (last && last.nodeName === "MARK") last.append(w);
      else c.append(el("mark", w));
    });
    if (!words.length) c.append("(kosong)");
    b.append(button("Pakai " + to, title === "Ketikan saya" ? pick(1) : pick(0), title === "Ketikan saya" ? "main" : ""));
    return b;
  };
  let now;
  const pick = (mine) => () => {
    const o = now, c = o.c;
    C.dead.add(o.id);
    C.revs[o.t] = c.rev;
    C.known[o.t] = {v: c.v, r: c.rev};
    if (mine) {
      // My cell of a row that somebody deleted brings the row back first.
      if (!c.rev && o.t[0] === "c") { put("r:" + o.t.split(":")[1], "undel"); C.front(); }
      o.id = C.rid();
      o.b = c.rev;
      delete o.c;
      C.dirty.add(o);
    } else {
      drop(o);
      C.fill(o.t, c.v);
    }
    keep();
    const e = field(o.t);
    S.rare("clash");
    if (panel.hidden) e?.focus();
    send();
  };
  const clash = () => {
    const o = (now = C.queue().find((q) => q.c && q.c.rev != null)), e = o && field(o.t), was = panel.hidden;
    panel.hidden = !o;
    panel.replaceChildren();
    if (!o) return show();
    const rich = o.t === "f:text" && !!S.clean, by = "isian " + (o.c.by || "orang lain"), two = el("div", "", {className: "side"});
    const a = split(plain(o.v, rich)), b = split(plain(o.c.v, rich)), [x, y] = differing(a, b);
    two.append(side("Ketikan saya", a, x, "ketikan saya"), side("I" + by.slice(1), b, y, by));
    panel.append(el("h2", "Diubah dua orang: " + (o.l || "isian ini")), el("p", "Kata yang berbeda ditandai. Pilih yang dipakai; yang lain tetap ada di Riwayat."), two);
    if (was) panel.focus();
    show();
    if (rich && e) e.scrollIntoView({block: "nearest"});
  };

  const offer = (why) => {
    panel.hidden = false;
    panel.replaceChildren(el("h2", why), el("p", "Ketikan berikut belum masuk. Salin bila masih diperlukan."));
    const text = C.queue().map((o) => (o.l ? o.l + "\t" : "") + plain(o.v, o.t === "f:text" && S.clean)).join("\n");
    const row = el("div", "", {className: "actions"});
    row.append(button("Buang ketikan ini", () => { C.queue().slice().forEach(drop); keep(); panel.hidden = true; show(); }));
    panel.append(el("textarea", text, {readOnly: true, "aria-label": "Ketikan yang belum masuk"}), row);
  };

  // ---- Session over while typing: sign in on the spot, keep typing
  const login = () => {
    if ($("masuk-lagi")) return;
    const g = el("form", "", {id: "masuk-lagi", className: "clash"}), msg = el("p", "Ketikan Bapak/Ibu aman. Masuk kembali untuk menyimpannya.", {role: "alert"});
    const name = el("input", "", {name: "login", autocomplete: "username", required: true, "aria-label": "NIP", placeholder: "NIP"});
    const pw = el("input", "", {name: "sandi", type: "password", autocomplete: "current-password", required: true, "aria-label": "Kata sandi", placeholder: "Kata sandi"}), row = el("div", "", {className: "actions"});
    row.append(name, pw, el("button", "Masuk", {className: "main"}));
    g.append(el("h2", "Sesi berakhir"), msg, row);
    g.onsubmit = async (e) => {
      e.preventDefault();
      try {
        await C.fresh();
        const b = new FormData(g);
        b.append("csrf_token", C.csrf());
        const r = await fetch("/masuk", {method: "POST", body: b, headers: {"X-Selaras": "1"}});
        if (!r.ok) msg.textContent = r.status === 429 ? "Terlalu banyak percobaan. Tunggu beberapa menit." : "NIP atau kata sandi tidak sesuai.";
        else if ((await C.fresh()) !== C.P) msg.textContent = "Ketikan ini milik akun lain dan tetap disimpan untuknya.";
        else { g.remove(); C.again(); }
      } catch { msg.textContent = "Sambungan terputus. Coba lagi."; }
      show();
    };
    S.form.after(g);
  };

  const all = {clash, offer, login};
  S.rare = (what, ...args) => all[what](...args);
})();
