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
      for (const o of all.result) if (o.p === +box.dataset.p) mine.set(o.e, (mine.get(o.e) || 0) + 1);
      for (const [entry, n] of mine) {
        const a = document.createElement("a"), li = document.createElement("li"), row = document.querySelector('a[href="/isian/' + entry + '"]');
        a.href = "/isian/" + entry;
        a.textContent = (row ? row.closest("tr").querySelector("b").textContent : "Isian " + entry) + " (" + n + " ketikan)";
        li.append(a);
        box.lastElementChild.append(li);
      }
      box.hidden = !mine.size;
      open.result.close();
    };
  };
})();
