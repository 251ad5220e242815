// The mark "dari 2025, belum diperiksa" goes as soon as somebody types over what came from last
// year; the server forgets it when the keystroke is saved.
"use strict";
document.addEventListener("input", function (event) {
  var place = event.target.closest ? event.target.closest("td") : null;
  if (place) place.querySelectorAll(".dl").forEach(function (mark) { mark.remove(); });
  else if (event.target.closest && event.target.closest("#isian") && !document.querySelector(".dl")) {
    var note = document.getElementById("bawaan");
    if (note) note.hidden = true;
  }
});
