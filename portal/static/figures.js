/* Indicators of the isian page: soft remarks of the server stand at their field and go again. */
(() => {
  "use strict";
  const S = (self.S ||= {});
  S.hint = (e, list) => {
    const box = e?.closest(".rows")?.querySelector(".soft");
    if (!box) return;
    const says = list.filter((x) => x[0] !== "copy").map((x) => Object.assign(document.createElement("p"), {textContent: x[1]}));
    box.firstElementChild.replaceChildren(...says);
    box.lastElementChild.hidden = says.length === list.length;
  };
  document.addEventListener("click", (e) => {
    const b = e.target.closest("[data-fix]");
    if (b) b.closest(".rows").querySelector("input").select();
  });
})();
