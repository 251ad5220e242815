/* Tugas Saya says where something typed on this machine is still waiting to be sent: the tab was
   closed while the line was gone. Only to the one who typed it. */
(() => {
  "use strict";
  const box = document.getElementById("tertinggal");
  if (!box || !self.indexedDB) return;
  const open = indexedDB.open("selaras", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("ops", {keyPath: "id"}).createIndex("pe", ["p", "e"]);
  open.onsuccess = () => {
    const all = open.result.transaction("ops").objectStore("ops").getAll();
    all.onsuccess = () => {
      const mine = new Map();
      for (const o of all.result) if (o.p === +box.dataset.p && o.e) mine.set(o.e, (mine.get(o.e) || 0) + 1);
      for (const [entry, n] of mine) {
        // A number below 0 is the grid of a year by kecamatan.
        const a = document.createElement("a"), li = document.createElement("li"), at = entry < 0 ? "/data/kecamatan/" + -entry : "/isian/" + entry, row = document.querySelector('a[href="' + at + '"]');
        a.href = at;
        a.textContent = (row ? row.closest("tr").querySelector("b").textContent : entry < 0 ? "Data menurut kecamatan " + -entry : "Isian " + entry) + " (" + n + " ketikan)";
        li.append(a);
        box.lastElementChild.append(li);
      }
      box.hidden = !mine.size;
      open.result.close();
    };
  };
})();
