// Finds the passage that a comment is about in the text that is being written.

const body = document.querySelector("form[data-keep] [name=body]");

function pattern(passage) {
  const words = passage.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(words.join("\\s+"));
}

for (const button of document.querySelectorAll("[data-passage]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const found = pattern(button.dataset.passage).exec(body.value);
    if (!found) {
      button.disabled = true;
      button.textContent = "It is not in your text any more";
      return;
    }
    body.focus();
    body.setSelectionRange(found.index, found.index + found[0].length);
    // A browser scrolls to where a person would type, not to a selection: go there by its lines.
    const above = body.value.slice(0, found.index).length / Math.max(1, body.value.length);
    body.scrollTop = Math.max(0, above * body.scrollHeight - body.clientHeight / 3);
  });
}
