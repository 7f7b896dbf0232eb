"use strict";
// One key an answer: it clicks what it stands on. All of it works by mouse, touch and Tab with scripts off.
const found = new Map();
for (const one of document.querySelectorAll("[data-key]"))
  for (const key of [one.dataset.key, one.dataset.also]) if (key) found.set(key, one);
const keys = document.getElementById("keys");
let sent = false; // an answer is on its way
function set(on) {
  keys.setAttribute("aria-pressed", on);
  document.body.classList.toggle("nokeys", !on);
  sessionStorage.setItem("keys", on);
}
if (keys) {
  keys.hidden = false;
  set(sessionStorage.getItem("keys") !== "false");
  keys.addEventListener("click", () => set(keys.getAttribute("aria-pressed") !== "true"));
}
addEventListener("pageshow", () => { sent = false; });
document.addEventListener("submit", event => {
  if (sent) event.preventDefault();
  sent = true;
});
document.addEventListener("keydown", event => {
  if (sent || event.repeat || event.ctrlKey || event.metaKey || !keys || event.target.closest("input")) return;
  const one = found.get(event.key) ?? found.get(event.key.toLowerCase());
  if (!one || keys.getAttribute("aria-pressed") !== "true") return;
  event.preventDefault();
  one.click();
});
