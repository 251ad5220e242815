/* Numbers by reference in a narrative: a search box over the data; what is chosen stands in the text
   as a chip that follows its figure. Fetched when somebody asks for it (rich.js). */
(() => {
  "use strict";
  const d = document, S = self.S;
  let box, where, range, timer;
  const put = (f) => {
    const s = d.createElement("span");
    s.dataset.fig = f.ref;
    s.textContent = f.value || "belum ada nilai";
    where.focus();
    const pick = getSelection();
    pick.removeAllRanges();
    pick.addRange(range);
    d.execCommand("insertHTML", false, s.outerHTML + "&nbsp;");
    box.hidden = true;
  };
  const find = async (q) => {
    const list = box.querySelector("ul"), r = await fetch(S.here + "/angka?cari=" + encodeURIComponent(q), {headers: {"X-Selaras": "1"}});
    if (!r.ok) return void (list.textContent = "Daftar angka belum dapat dibaca. Coba lagi.");
    const found = (await r.json()).figures;
    list.textContent = found.length ? "" : "Tidak ada data dengan kata itu.";
    for (const f of found) {
      const li = d.createElement("li"), b = d.createElement("button");
      Object.assign(b, {type: "button", textContent: f.title + ": " + (f.value || "belum ada nilai"), onclick: () => put(f)});
      li.append(b);
      list.append(li);
    }
  };
  S.fig = (r) => {
    where = r;
    const pick = getSelection();
    range = pick.rangeCount && r.contains(pick.anchorNode) ? pick.getRangeAt(0).cloneRange() : null;
    if (!range) { range = d.createRange(); range.selectNodeContents(r); range.collapse(false); }
    if (!box) {
      box = d.createElement("div");
      box.className = "card no-print";
      box.innerHTML = '<p><label>Cari angka <input type="search" placeholder="misalnya ibu hamil"></label> <small>Angka ini ikut berubah bila datanya berubah.</small></p><ul></ul>';
      box.querySelector("input").oninput = (e) => { clearTimeout(timer); timer = setTimeout(() => find(e.target.value), 250); };
      box.addEventListener("keydown", (e) => { if (e.key === "Escape") { box.hidden = true; r.focus(); } });
      r.before(box);
    }
    box.hidden = false;
    box.querySelector("input").focus();
    find(box.querySelector("input").value);
  };
})();
