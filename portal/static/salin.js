// One-click copy of a cell. Without this script a click into a cell selects all of it, and Ctrl+C
// copies. The clipboard of the browser needs https; on a plain LAN the old command does the same.
"use strict";
(function () {
  var told = document.getElementById("suara");

  function select(node) {
    var range = document.createRange();
    range.selectNodeContents(node);
    var chosen = getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
  }

  function done(button, worked) {
    var words = worked ? "Tersalin" : "Tekan Ctrl+C";
    button.firstChild.data = words;
    if (told) told.textContent = words;
    if (worked) setTimeout(function () { button.firstChild.data = "Salin"; }, 2000);
  }

  document.querySelectorAll("[data-salin]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var node = button.previousElementSibling;
      select(node);
      if (navigator.clipboard && isSecureContext) {
        navigator.clipboard.writeText(node.textContent).then(
          function () { done(button, true); }, function () { done(button, false); });
        return;
      }
      var worked = false;
      try { worked = document.execCommand("copy"); } catch (error) { worked = false; }
      done(button, worked);
    });
  });
})();
