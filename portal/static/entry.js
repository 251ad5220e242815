/* The isian page: what is typed is journalled here first, then sent; nothing is lost between.

   An operation {id, t, b, v} says: target t, known to me at revision b, becomes v. It is written to
   IndexedDB before it is sent and deleted when the server has confirmed it. Asked twice, the server
   answers the same, so everything may be sent again. The journal keeps whole texts; over the line
   goes only what differs from the text that the server confirmed last. What happens rarely is in
   rare.js. No service worker, no crypto.randomUUID: the portal also runs on plain http. */
(() => {
  "use strict";
  const d = document, $ = (id) => d.getElementById(id), f = $("isian"), S = (self.S ||= {});
  if (!f) return;
  const P = +f.dataset.p, E = +f.dataset.e, rw = "rw" in f.dataset, here = f.getAttribute("action").split("?")[0];
  S.form = f;
  S.here = here;
  const say = $("kabar"), aloud = $("kabar-suara"), revs = {}, known = {}, store = "selaras:" + P + ":" + E;
  let csrf = f.csrf_token.value, queue = [], db, seq = 0, timer, busy, wait = 0, closed = !rw, out, fails = "", then, slow;
  const rid = S.rid = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(36).padStart(2, "0")).join("");
  const el = (tag, text, props) => {
    const e = d.createElement(tag);
    for (const k in props) k in e ? (e[k] = props[k]) : e.setAttribute(k, props[k]);
    if (text) e.append(text);
    return e;
  };

  // ---- Journal
  const open = () => new Promise((ok) => {
    try {
      const r = indexedDB.open("selaras", 1);
      r.onupgradeneeded = () => r.result.createObjectStore("ops", {keyPath: "id"}).createIndex("pe", ["p", "e"]);
      r.onsuccess = () => ok((db = r.result));
      r.onerror = r.onblocked = () => ok();
    } catch { ok(); }
  });
  const tx = (mode, work) => new Promise((ok, no) => {
    const t = db.transaction("ops", mode, {durability: "strict"}), r = work(t.objectStore("ops"));
    t.oncomplete = () => ok(r && r.result);
    t.onerror = t.onabort = () => no(t.error);
  });
  const dirty = new Set(), dead = new Set();
  let writing;
  // One write at a time, as quick as the disk allows; a power cut finds the last one. It begins a
  // moment later, also with nothing to write: else its end would come before it is known to run.
  const keep = () => (writing ||= (async () => {
    await null;
    while (dirty.size || dead.size) {
      const a = [...dirty], b = [...dead];
      dirty.clear();
      dead.clear();
      try {
        if (!db) throw 0;
        await tx("readwrite", (s) => { a.forEach((o) => s.put(o)); b.forEach((i) => s.delete(i)); });
      } catch {
        db = null;
        try { queue.length ? localStorage.setItem(store, JSON.stringify(queue)) : localStorage.removeItem(store); fails = ""; } catch { fails = " Jangan tutup halaman ini."; }
      }
    }
    writing = null;
  })());
  const drop = (o) => { queue = queue.filter((q) => q !== o); dirty.delete(o); dead.add(o.id); };
  const load = async () => {
    await open();
    let kept = [];
    try { kept = db ? await tx("readonly", (s) => s.index("pe").getAll([P, E])) : []; } catch { db = null; }
    try { kept.push(...JSON.parse(localStorage.getItem(store) || "[]")); } catch { /* no storage */ }
    kept.sort((a, b) => a.n - b.n);
    for (const o of kept) {
      // Never sent: another tab may still hold it, so it gets a name of its own.
      if (!o.s && db) { dead.add(o.id); o.id = rid(); dirty.add(o); }
      fill(o.t, o.v, 1);
    }
    const early = queue;
    queue = kept.concat(early);
    if (kept.length) { keep(); kept.some((o) => o.c) && rare("clash"); send(); }
    for (const e of f.elements) if (/^[fcd]:/.test(e.name) && e.type !== "hidden" && changed(e)) put(e.name, val(e), e);
    show();
  };
  // Typed while this script was still on its way.
  const changed = (e) => !queue.some((o) => o.t === e.name) && (e.options ? e.value !== [...e.options].find((o, i) => o.defaultSelected || !i).value && ![...e.options].some((o) => o.selected && o.defaultSelected) : e.type === "checkbox" ? e.checked !== e.defaultChecked : e.value !== e.defaultValue);

  // ---- Fields
  const field = (t) => f.querySelector('[data-t="' + CSS.escape(t) + '"]') || f.elements[t];
  const val = (e) => e.isContentEditable ? S.html(e) : e.type === "checkbox" ? (e.checked ? e.value : "") : e.value;
  const fill = (t, v, mine) => {
    const [k, uid] = t.split(":");
    if (k === "r") {
      if (v.startsWith("add")) S.addRow?.(uid, mine);
      const row = $("b-" + uid);
      row && row.classList.toggle("gone", v === "del");
      return;
    }
    const e = field(t);
    if (!e) return;
    if (e.isContentEditable) e.innerHTML = S.web(S.clean(v));
    else if (e.type === "checkbox") e.checked = !!v;
    else e.value = v;
    calc(e);
  };
  const label = (e) => {
    const by = e.getAttribute("aria-labelledby");
    return by ? by.split(" ").map((i) => $(i)?.textContent.trim()).join(", ") : e.getAttribute("aria-label") || e.labels?.[0]?.textContent.trim() || "";
  };
  const put = S.put = (t, v, e) => {
    let o = queue.findLast((q) => q.t === t);
    if (o && !o.s && t[0] !== "r") o.v = v;
    else {
      if (e && e.defaultValue?.length >= LONG) known[t] ||= {v: e.defaultValue, r: +e.dataset.r};
      queue.push((o = {id: rid(), p: P, e: E, n: Date.now() * 1e3 + (seq++ % 1e3), t, b: revs[t] ?? (e && +e.dataset.r || 0), v, l: e ? label(e) : ""}));
    }
    dirty.add(o);
    keep();
    e?.parentNode.querySelector(":scope>.ask")?.remove();
    e?.removeAttribute?.("aria-invalid");
    plan(700);
    show();
  };

  // ---- Sending
  const plan = (ms) => { clearTimeout(timer); timer = setTimeout(send, ms); };
  const show = () => {
    const n = queue.length + (slow ? 1 : 0), held = " " + n + " ketikan aman di komputer ini." + fails;
    const text = out ? "Sesi berakhir." + (n ? held : "") : wait && n ? "Gagal tersimpan, dicoba lagi." + held : closed && n ? "Belum masuk." + held : queue.some((o) => o.c) ? "Perlu dipilih: diubah dua orang" : n ? "Menyimpan…" : say.dataset.at;
    if (say.textContent !== text) say.textContent = text;
    // Read aloud is only what needs somebody, and that it is over; not every save.
    const bad = out || wait && n || closed && n || queue.some((o) => o.c) ? "bad" : "";
    if (say.className !== bad && (bad || !n) && aloud) aloud.textContent = text;
    if (bad || !n) say.className = bad;
    if (!n && then) { const go = then; then = 0; go(); }
  };
  const fresh = async () => {
    const r = await (await fetch("/token", {cache: "no-store", headers: {"X-Selaras": "1"}})).json();
    csrf = r.token;
    for (const i of d.querySelectorAll("[name=csrf_token]")) i.value = csrf;
    return r.person;
  };
  // Of a long text only the change: [start, deleted bytes, checksum] of the text confirmed last.
  const LONG = 300, bytes = (s) => new TextEncoder().encode(s), words = (b) => new TextDecoder("utf-8", {ignoreBOM: true}).decode(b);
  const crc = (a) => {
    let c = -1;
    for (const b of a) { c ^= b; for (let k = 8; k--;) c = (c >>> 1) ^ (c & 1 && 0xEDB88320); }
    return ~c >>> 0;
  };
  const parcel = (o) => {
    const m = {op_id: o.id, target: o.t, base: o.b, value: o.v}, k = known[o.t];
    if (o.w || !k || k.r !== o.b || o.v.length < LONG) return m;
    const a = bytes(k.v), b = bytes(o.v), most = Math.min(a.length, b.length), mid = (x) => (x & 192) === 128;
    let s = 0, n = 0;
    while (s < most && a[s] === b[s]) s++;
    while (s && (mid(a[s]) || mid(b[s]))) s--;
    while (n < most - s && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
    while (n && (mid(a[a.length - n]) || mid(b[b.length - n]))) n--;
    m.cut = [s, a.length - s - n, crc(a)];
    m.value = words(b.subarray(s, b.length - n));
    return m;
  };
  const confirmed = (o, a) => {
    if (o.t[0] !== "f" && o.v.length < LONG) return;
    const [s, n, v] = a.fix || [0, 0, ""], b = bytes(o.v);
    if (s < 0) delete known[o.t];
    else known[o.t] = {v: words(b.subarray(0, s)) + v + words(b.subarray(s + n)), r: a.rev};
  };
  async function send() {
    if (busy || closed || out) return;
    const seen = new Set(), batch = [];
    let size = 0;
    for (const o of queue) {
      if (seen.has(o.t) && !o.c || batch.length > 60 || size > 3e5) break;
      seen.add(o.t);
      if (o.c) continue;
      size += o.v.length;
      batch.push(o);
    }
    if (!batch.length) return show();
    busy = 1;
    for (const o of batch) if (!o.s) { o.s = 1; dirty.add(o); }
    await keep();
    try {
      let body = JSON.stringify({person: P, ops: batch.map(parcel)});
      const head = {"Content-Type": "application/json", "X-Selaras": "1"};
      // Long narratives go compressed: a bad line is slow upwards most of all.
      if (body.length > 1200 && self.CompressionStream) {
        body = await new Response(new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
        head["Content-Encoding"] = "gzip";
      }
      const post = () => fetch(here + "/op", {method: "POST", headers: {...head, "X-CSRFToken": csrf}, body, signal: AbortSignal.timeout(30000)});
      let r = await post();
      if (r.status === 400 && (await fresh()) === P) r = await post();
      if (r.status === 401 || r.status === 400) { out = 1; rare("login"); }
      else if (r.status === 403 || r.status === 404) { closed = 1; rare("offer", "Isian ini tidak lagi terbuka untuk diisi."); }
      else if (!r.ok) throw r.status;
      else {
        const a = await r.json();
        wait = 0;
        say.dataset.at = "Tersimpan " + a.at;
        if ($("status")) $("status").textContent = a.state;
        a.answers.forEach(take);
        derive(a.derived);
      }
      busy = 0;
      if (queue.some((o) => !o.c) && !out && !closed) plan(0);
    } catch {
      busy = 0;
      wait = Math.min(wait * 2 || 2, 60);
      plan(wait * 1e3 * (0.8 + Math.random() * 0.4));
    }
    keep();
    show();
  }
  const take = (a) => {
    const o = queue.find((q) => q.id === a.op_id);
    if (!o) return;
    const e = field(o.t);
    if (a.status === "whole") { o.w = 1; delete known[o.t]; return; }
    if (a.status === "conflict") {
      o.s = 0;
      o.c = {rev: a.rev, v: a.theirs || "", by: a.theirs_by};
      dirty.add(o);
      return rare("clash");
    }
    if (a.status === "refused") {
      o.c = {no: a.reason};
      dirty.add(o);
      return rare("offer", a.reason);
    }
    revs[o.t] = a.rev;
    confirmed(o, a);
    drop(o);
    const newer = queue.find((q) => q.t === o.t);
    for (const q of queue) if (q.t === o.t) q.b = a.rev;
    derive(a.derived);
    for (const t in a.hints) S.hint?.(field(t), a.hints[t]);
    if (a.notes && !newer) say.dataset.at += ". " + a.notes.join(" ");
    if (!e || newer || e.isContentEditable) return;
    if (a.shown != null && e.tagName === "INPUT" && e.value === o.v) d.activeElement === e ? (e.dataset.shown = a.shown) : (e.value = a.shown);
    if (a.doubt) ask(e, a);
  };
  const derive = (all) => { for (const t in all) for (const x of f.querySelectorAll('output[data-t="' + CSS.escape(t) + '"]')) x.value = all[t]; };
  // A doubtful spelling: its readings at the field, one press takes one.
  const ask = (e, a) => {
    const box = el("div", a.doubt, {className: "ask"});
    box.append(el("br"));
    for (const [text, v] of a.choices || []) {
      const b = el("button", text, {type: "button"});
      b.dataset.v = v;
      box.append(b);
    }
    e.parentNode.querySelector(":scope>.ask")?.remove();
    e.after(box);
    e.setAttribute("aria-invalid", "true");
  };

  // ---- Two people, session over, too late: fetched when it happens
  const later = [];
  const rare = (...what) => {
    if (S.rare) return S.rare(...what);
    if (later.push(what) > 1) return;
    const again = () => later.splice(0).forEach((w) => rare(...w));
    d.head.append(el("script", "", {src: f.dataset.l, onload: again, onerror: () => setTimeout(again, 5000)}));
  };
  S.core = {P, el, field, fill, put, drop, keep, send, show, fresh, rid, revs, known, dirty, dead, $, csrf: () => csrf, queue: () => queue, front: () => queue.unshift(queue.pop()), again: () => { out = 0; send(); }};

  // ---- Computed while typing; the server's answer follows and is the one that counts
  const num = (s) => /^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/.test((s = s.replace(/^Rp\s*|\s*%$|\s/gi, ""))) ? +s.replace(/\./g, "").replace(",", ".") : NaN;
  const read = (t) => { const e = field(t); return e ? num(e.value) : NaN; };
  const write = (o, n) => { o.value = Number.isFinite(n) ? n.toLocaleString("id-ID", {minimumFractionDigits: +o.dataset.pl || 0, maximumFractionDigits: +(o.dataset.pl || 6)}) + (o.dataset.u || "") : o.dataset.na || ""; };
  const rpn = (s, pre) => {
    const k = [];
    for (const t of s.split(" ")) {
      if (/^[-+*/]$/.test(t)) { const b = k.pop(), a = k.pop(); k.push(t === "+" ? a + b : t === "-" ? a - b : t === "*" ? a * b : a / b); }
      else k.push(/^[\d.]+$/.test(t) ? +t : read(t.includes(":") ? t : pre + t));
    }
    return k[0];
  };
  const calc = S.calc = (e) => {
    const box = e.closest("tr,.ik");
    if (!box) return;
    for (const o of box.querySelectorAll("output[data-f]")) write(o, rpn(o.dataset.f, "c:" + box.dataset.uid + ":"));
    for (const o of box.closest("table")?.querySelectorAll("output[data-sum]") || []) {
      let n = NaN;
      for (const i of f.querySelectorAll('tr:not(.gone) [name$=":' + o.dataset.sum + '"],tr [name^="d:' + o.dataset.sum + '@"],tbody tr:not(.gone) output[data-t$=":' + o.dataset.sum + '"]')) { const v = num(i.value); if (v === v) n = (n || 0) + v; }
      write(o, n);
    }
  };

  f.addEventListener("input", (e) => {
    const i = e.target;
    if (i.isContentEditable) { slow ||= setTimeout(flush, 300); return show(); }
    if (!/^[fcdm]:/.test(i.name)) return;
    delete i.dataset.shown;
    put(i.name, val(i), i);
    calc(i);
  });
  f.addEventListener("submit", (e) => { if ("send" in (e.submitter?.dataset || {})) return after(e, () => f.requestSubmit(e.submitter)); e.preventDefault(); delete f.dataset.going; flush(); send(); });
  const flush = () => { if (slow) { clearTimeout(slow); slow = 0; for (const r of f.querySelectorAll(".rich")) put(r.dataset.t, S.html(r), r); } };
  // Kirim, Periksa, Cetak and the like wait until everything typed has arrived.
  const after = (e, go) => {
    flush();
    if (!queue.length) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    then = go;
    wait = 0;
    plan(0);
    show();
  };
  d.addEventListener("submit", (e) => { if (e.target.matches("[data-after]")) after(e, () => e.target.requestSubmit(e.submitter)); }, true);
  // The library for the panels is fetched when a panel is first asked for.
  d.addEventListener("click", (e) => {
    const a = e.target.closest("[hx-get]");
    if (!a || self.htmx) return;
    e.preventDefault();
    d.head.append(el("script", "", {src: f.dataset.h, onload: () => a.click(), onerror: () => (location.href = a.href)}));
  });
  d.addEventListener("htmx:confirm", (e) => after(e, () => e.detail.issueRequest(true)));
  const go = (t) => {
    const i = field(t);
    i?.closest("details")?.setAttribute("open", "");
    i?.scrollIntoView({block: "center"});
    i?.focus();
    return i;
  };
  d.addEventListener("click", (e) => {
    const a = e.target.closest("a[data-after],[data-go],.ask [data-v]");
    if (!a) return;
    if ("after" in a.dataset) return after(e, () => (location.href = a.href));
    if (a.dataset.v) {
      const i = a.closest("td,div:not(.ask)").querySelector("input");
      i.value = a.textContent;
      put(i.name, a.dataset.v, i);
      return i.focus();
    }
    go(a.dataset.go) && e.preventDefault();
  });

  S.upload = async (file) => {
    const b = new FormData();
    b.append("csrf_token", csrf);
    b.append("berkas", file);
    try {
      const r = await fetch(here + "/gambar", {method: "POST", body: b, headers: {"X-Selaras": "1", "X-CSRFToken": csrf}}), a = await r.json();
      if (r.ok) return a;
      say.textContent = a.error;
    } catch { say.textContent = "Gambar belum terunggah. Ulangi setelah sambungan pulih."; }
  };
  if (rw) {
    S.rich?.(f);
    S.grid?.(f);
    for (const r of f.querySelectorAll(".rich")) if (r.isContentEditable) known[r.dataset.t] = {v: S.html(r), r: +r.dataset.r};
  }

  // ---- Line and tab
  addEventListener("online", () => { wait = 0; plan(0); });
  addEventListener("pagehide", flush);
  d.addEventListener("visibilitychange", () => { flush(); d.hidden && queue.length && send(); });
  addEventListener("beforeunload", (e) => { flush(); if (queue.length && fails) e.preventDefault(); });
  load().then(() => { if (!rw && queue.length) rare("offer", "Isian ini sudah tidak dapat diubah."); go(new URLSearchParams(location.search).get("ke")); f.dataset.ready = 1; });
})();
