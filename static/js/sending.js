// Keeps the page of a sending up to date while it goes on, and counts down to its first mail.
// Without this script a reload shows the same. Sending does not depend on this page at all.

const EVERY = 2000; // milliseconds between two looks

const told = document.getElementById("told");
const behind = document.getElementById("behind");
let leavesAt;
let waiting;

const now = () => document.getElementById("now");

// How far the first mail is away by the server's clock, when the page was made.
function begin() {
  const time = now().querySelector("[data-until]");
  leavesAt = time ? Date.now() + Number(time.dataset.until) * 1000 : undefined;
}

function inWords(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `in ${hours}:${two(minutes)}:${two(seconds % 60)} hours` : `in ${minutes}:${two(seconds % 60)} minutes`;
}

function countDown() {
  const time = now().querySelector("[data-until]");
  if (!time || leavesAt === undefined) return;
  const seconds = Math.max(0, Math.round((leavesAt - Date.now()) / 1000));
  time.textContent = seconds >= 86400 ? time.textContent : seconds ? inWords(seconds) : "now";
}

// A link that somebody stands on keeps its focus when its part of the page is replaced.
function replace(old, fresh) {
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (!focus) return;
  const href = focus.getAttribute("href");
  const again = href ? [...fresh.querySelectorAll("a")].find((link) => link.getAttribute("href") === href) : null;
  const first = again ?? fresh.querySelector("button, a");
  first?.focus({ preventScroll: true });
}

function show(page) {
  const [fresh, acts] = [page.getElementById("now"), page.getElementById("acts")];
  if (!fresh || !acts) throw new Error("not this page");
  if (fresh.dataset.said !== now().dataset.said) told.textContent = fresh.dataset.said;
  replace(now(), fresh);
  // What can be done is replaced only when it changes: somebody may be typing there.
  const mine = document.getElementById("acts");
  if (mine.dataset.acts !== acts.dataset.acts) replace(mine, acts);
  begin();
  countDown();
}

async function look() {
  clearTimeout(waiting);
  if (document.hidden) return;
  try {
    const answer = await fetch(now().dataset.address);
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    behind.hidden = true;
  } catch {
    behind.hidden = false;
  }
  if (now().dataset.live) waiting = setTimeout(look, EVERY);
}

begin();
countDown();
setInterval(countDown, 1000);
document.addEventListener("visibilitychange", look);
waiting = setTimeout(look, EVERY);
