// Copies a text with one press. Without this script one selects the text and copies it.

const SHOWN = 4000; // milliseconds

const said = document.getElementById("copied");

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch { // no secure context, or not allowed: the old way
    field.select();
    if (!document.execCommand("copy")) throw new Error("not copied");
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const words = button.querySelector("[data-words]");
  const usual = words.textContent;
  let waiting;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    let told = "Copied";
    try {
      await copy(field);
    } catch {
      field.select();
      told = "Press Ctrl+C";
    }
    words.textContent = told;
    said.textContent = `${told}: ${button.dataset.what}`;
    clearTimeout(waiting);
    waiting = setTimeout(() => { words.textContent = usual; said.textContent = ""; }, SHOWN);
  });
}
