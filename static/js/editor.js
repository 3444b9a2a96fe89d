// The editor of a text: what is typed is shown as it would reach the company, while it is typed.
// Without this script the Preview button does the same.

const PAUSE = 400; // milliseconds without a key before the server is asked

const form = document.querySelector("form[data-preview]");
const live = document.getElementById("live");
const behind = document.querySelector("#behind > span");
let waiting;
let asking;

// The HTML mail is sent into its frame by the form; a new frame adds no step to the way back.
function fillFrame() {
  const button = live.querySelector("[data-show]");
  if (!button) return;
  button.click();
  button.hidden = true;
}

async function refresh() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.preview, { method: "POST", body, signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const fragment = await answer.text();
    live.innerHTML = fragment;
    behind.hidden = true;
    fillFrame();
  } catch (error) {
    if (!signal.aborted) behind.hidden = false;
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
}

form.addEventListener("input", soon);
fillFrame();
