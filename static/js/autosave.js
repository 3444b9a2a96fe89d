// Keeps what is typed into the editor on the server, a moment after the typing pauses. While the
// server cannot be reached, or the session has ended, this browser keeps it as well.
// Without this script the button “Keep as draft” does the same.

const PAUSE = 1200; // milliseconds without a key before the text is kept
const AGAIN = 5000; // until it is tried again after a failure
const LOOK = 20000; // between two looks at who else is writing

const form = document.querySelector("form[data-keep]");
const notKept = document.getElementById("not-kept");
const onlyHere = document.getElementById("only-here");
const { keep: address, writer, zone } = form.dataset;
const mine = `unsaved ${writer} ${address} `;
const slot = mine + form.elements.sitting.value;
const joined = ({ subject, body }) => JSON.stringify([subject.trim(), body.trim()]);
const words = () => joined({ subject: form.elements.subject.value, body: form.elements.body.value });

const steps = new Map(onlyHere.dataset.kept.split(" ").map((pair) => {
  const [sitting, step] = pair.split(":");
  return [sitting, Number(step)];
}));
let kept = words();
let waiting;
let working = false;
let leaving = false;

class NotKept extends Error {
  constructor(why, told = "") {
    super(told);
    this.why = why;
  }
}

function say(why, told = "") {
  for (const line of notKept.querySelectorAll("[data-why]")) line.hidden = line.dataset.why !== why;
  notKept.querySelector("[data-why=refused] span").textContent = told;
}

// What stands in the way of this browser's own store (private windows) stops nothing else.
const store = {
  put() {
    const { subject, body } = form.elements;
    const text = { subject: subject.value, body: body.value, at: Number(form.elements.step.value) };
    try { localStorage.setItem(slot, JSON.stringify(text)); } catch { /* it is a second net only */ }
  },
  drop(name = slot) {
    try { localStorage.removeItem(name); } catch { /* there is none */ }
  },
  left() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(mine))
        .map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) }))
        .sort((one, other) => other.at - one.at);
    } catch { return []; }
  },
};

// Puts the server's answer in its place; a session that began meanwhile gives new tokens.
async function show(answer) {
  if (answer.redirected || answer.status === 401) throw new NotKept("signed-out");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("now");
  if (!now) throw new NotKept(answer.status === 400 ? "stale" : "away");
  if (now.dataset.writer !== writer) throw new NotKept("another");
  for (const field of document.getElementsByName("csrf_token")) field.value = now.dataset.token;
  document.getElementById("now").replaceWith(now);
  if (answer.status === 422) throw new NotKept("refused", now.dataset.problem);
  if (!answer.ok) throw new NotKept("later");
}

async function ask(options, query = "") {
  let answer;
  try {
    answer = await fetch(address + query, options);
  } catch {
    throw new NotKept("away");
  }
  await show(answer);
}

function look() {
  const names = ["sitting", "goes_on", "based_on"];
  return ask({}, `?${new URLSearchParams(names.map((name) => [name, form.elements[name].value]))}`);
}

async function send() {
  const body = () => new URLSearchParams(new FormData(form));
  try {
    await ask({ method: "POST", body: body() });
  } catch (error) {
    if (error.why !== "stale") throw error;
    await look();
    await ask({ method: "POST", body: body() });
  }
}

async function keep() {
  clearTimeout(waiting);
  if (working || leaving || words() === kept) return;
  working = true;
  const sent = words();
  let pause = PAUSE;
  try {
    await send();
    kept = sent;
    say("");
    if (words() === kept) store.drop();
  } catch (error) {
    if (error.why !== "later") say(error.why === "stale" ? "signed-out" : error.why ?? "away", error.message);
    pause = AGAIN;
  }
  working = false;
  if (words() !== kept) waiting = setTimeout(keep, pause);
}

function typed() {
  form.elements.step.value = Date.now();
  store.put();
  clearTimeout(waiting);
  waiting = setTimeout(keep, PAUSE);
}

// A page that is left sends what it has; an answer cannot be heard any more.
function leave() {
  if (leaving || words() === kept) return;
  const body = new URLSearchParams(new FormData(form));
  fetch(address, { method: "POST", body, keepalive: true }).catch(() => {});
}

// What the server has kept since, or the form holds, needs no offer.
function isSafe(text) {
  const step = steps.get(text.name.slice(mine.length)) ?? 0;
  return step >= text.at || joined(text) === kept;
}

function offer() {
  const left = store.left().filter((one) => one.name !== slot || isSafe(one));
  for (const one of left.filter(isSafe)) store.drop(one.name);
  const text = left.find((one) => !isSafe(one));
  onlyHere.hidden = !text;
  if (!text) return;
  const when = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  onlyHere.querySelector("span").textContent = when.format(text.at);
  onlyHere.querySelector("p").textContent = `${text.subject}\n\n${text.body}`;
  onlyHere.onclick = ({ target }) => {
    if (!target.dataset.act) return;
    if (target.dataset.act === "take") {
      form.elements.subject.value = text.subject;
      form.elements.body.value = text.body;
      form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
      form.elements.body.focus();
    }
    store.drop(text.name);
    offer();
  };
}

async function lookAround() {
  if (document.hidden || working) return;
  if (words() !== kept) { await keep(); return; }
  try { await look(); say(""); } catch { /* it is told when something is to be kept */ }
}

form.addEventListener("input", ({ target }) => {
  if (target.name === "subject" || target.name === "body") typed();
});
form.addEventListener("submit", ({ submitter }) => {
  if (!submitter?.formTarget) leaving = true;
});
addEventListener("pagehide", leave);
addEventListener("pageshow", () => { leaving = false; });
document.addEventListener("visibilitychange", lookAround);
addEventListener("online", keep);
setInterval(lookAround, LOOK);
offer();
// A browser that fills the form in again on the way back has something that is not kept.
if (form.elements.body.value !== form.elements.body.defaultValue) typed();
