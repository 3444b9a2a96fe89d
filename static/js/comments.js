// Quotes the words that somebody selects in a text, for a comment on them.
// Without this script one copies them into the field.

const AROUND = 60; // characters before the passage, to tell it from the same words elsewhere

const text = document.getElementById("commented");
const quote = document.querySelector("[name=quote]");
const here = document.getElementById("comment-here");
const before = document.querySelector("[name=before]");

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return text.contains(range.commonAncestorContainer) ? range : null;
}

document.addEventListener("selectionchange", () => {
  const range = selected();
  const words = range?.toString().trim();
  if (!words) return;
  const ahead = document.createRange();
  ahead.setStart(text, 0);
  ahead.setEnd(range.startContainer, range.startOffset);
  quote.value = words;
  before.value = ahead.toString().slice(-AROUND);
  here.hidden = false;
});

// What is typed into the field by hand stands wherever it stands first.
quote.addEventListener("input", () => { before.value = ""; });
document.getElementById("select-hint").hidden = false;
