// Keys for work that is done a hundred times a day. Whoever uses speech input, or types in a
// screen reader, turns them off (WCAG 2.1.4); a field that is being filled in never loses a key.

const STORE = "keys";
const box = document.getElementById("keys");
const use = box?.querySelector("input[type=checkbox]");

const isOn = () => localStorage.getItem(STORE) !== "off";

if (box && use) {
  box.hidden = false;
  use.checked = isOn();
  use.addEventListener("change", () => localStorage.setItem(STORE, use.checked ? "on" : "off"));
}

function typing(target) {
  return target instanceof Element && target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next].focus();
  return true;
}

// A link is followed; of a part of a form the first field is focused, so that no key alone
// sends or changes anything.
function reach(key) {
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!found) return false;
  if (found instanceof HTMLAnchorElement) {
    found.click();
    return true;
  }
  const field = found.querySelector("input:not([type=hidden]), select, textarea, button");
  (field ?? found).focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || !isOn()) return;
  const done = event.key === "j" ? step(1) : event.key === "k" ? step(-1) : reach(event.key);
  if (done) event.preventDefault();
});
