// Lets a person mark what is left out of a reply by selecting it in the text.

const form = document.querySelector("[data-selection]");
const source = form.querySelector("textarea");
const said = form.querySelector("[role=status]");

// The server counts characters, a browser counts halves of some of them.
function characters(end) {
  return Array.from(source.value.slice(0, end)).length;
}

form.hidden = false;
// A text that is only read cannot be selected by keyboard everywhere; so it can be, and stays as it is.
source.readOnly = false;
source.addEventListener("beforeinput", (event) => event.preventDefault());
form.addEventListener("submit", (event) => {
  if (source.selectionStart === source.selectionEnd) {
    event.preventDefault();
    said.textContent = "Select the words first.";
    source.focus();
    return;
  }
  form.elements.start.value = characters(source.selectionStart);
  form.elements.end.value = characters(source.selectionEnd);
});
