// Lets a person draw boxes on the picture of a page, by pointer or keyboard.

const form = document.querySelector("[data-boxes]");
const area = form.querySelector("svg");
const carried = form.elements.boxes;
const said = form.querySelector("[data-said]");
const page = Number(area.dataset.page);
const SIZE = 1000;
let open = null; // the box that is being drawn
let from = null; // where its pointer went down

function within(value, most = SIZE) {
  return Math.round(Math.min(Math.max(value, 0), most));
}

function show(box) {
  if (!open) {
    open = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    open.classList.add("open");
    area.append(open);
  }
  for (const name of ["x", "y", "width", "height"]) open.setAttribute(name, box[name]);
}

function place() {
  const read = (name) => Number(open.getAttribute(name));
  return { x: read("x"), y: read("y"), width: read("width"), height: read("height") };
}

function drop() {
  open?.remove();
  open = null;
  from = null;
}

function listed(value, words) {
  const line = document.createElement("div");
  const tick = document.createElement("input");
  const label = document.createElement("label");
  line.className = "form-check";
  Object.assign(tick, { type: "checkbox", name: "tick", value, id: `box-${value}`, className: "form-check-input" });
  label.className = "form-check-label";
  label.htmlFor = tick.id;
  label.textContent = words;
  line.append(tick, label);
  form.querySelector("[data-list]").append(line);
  form.querySelector("[data-none]").hidden = true;
  form.querySelector("[data-some]").hidden = false;
}

function keep() {
  const box = place();
  if (box.width < 3 || box.height < 3) return drop();
  const reason = form.elements.reason;
  const value = [page, box.x, box.y, box.width, box.height, reason.value].join("-");
  carried.value = `${carried.value} ${value}`.trim();
  const across = Math.floor(box.x / 10);
  const down = Math.floor(box.y / 10);
  listed(value, `Page ${page}: ${across} % from the left, ${down} % from the top. ${reason.selectedOptions[0].textContent}`);
  open.classList.remove("open");
  open = null;
  from = null;
  said.textContent = "A box is added. Nothing is saved yet.";
}

function pointed(event) {
  const box = area.getBoundingClientRect();
  return {
    x: within(((event.clientX - box.left) / box.width) * SIZE),
    y: within(((event.clientY - box.top) / box.height) * SIZE),
  };
}

area.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  event.preventDefault();
  drop();
  from = pointed(event);
  area.setPointerCapture(event.pointerId);
});

area.addEventListener("pointermove", (event) => {
  if (!from) return;
  const to = pointed(event);
  show({ x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) });
});

area.addEventListener("pointerup", () => (open ? keep() : drop()));
area.addEventListener("pointercancel", drop);

const STEPS = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] };

function moved(box, [across, down], sizing) {
  if (sizing) {
    return { ...box, width: Math.max(5, within(box.width + across, SIZE - box.x)), height: Math.max(5, within(box.height + down, SIZE - box.y)) };
  }
  return { ...box, x: within(box.x + across, SIZE - box.width), y: within(box.y + down, SIZE - box.height) };
}

area.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return drop();
  if (event.key === "Enter") {
    event.preventDefault();
    if (open) keep();
    else show({ x: 400, y: 450, width: 200, height: 40 });
    return;
  }
  if (!open || !(event.key in STEPS)) return;
  event.preventDefault();
  show(moved(place(), STEPS[event.key], event.shiftKey));
});

area.tabIndex = 0;
area.setAttribute("role", "application");
area.setAttribute("aria-describedby", "drawing");
document.getElementById("drawing").hidden = false;
form.querySelector("[data-by-place]").open = false;
