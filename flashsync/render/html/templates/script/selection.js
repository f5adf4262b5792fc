// One shift at a time: hovered, touched or reached by keys.

const card = el("div", { className: "card", hidden: true });
card.setAttribute("role", "tooltip");
card.id = "card";
document.getElementById("content").append(card);
const FINGER = 14;
const cursor = el("div", { className: "cursor", id: "cursor" });
let current = null, closing = 0;

function address(lane) {
  return [+lane.closest(".entry").dataset.entry, +lane.closest(".side").dataset.side, +lane.dataset.lane];
}
function hideCard() { card.hidden = true; }
function hideSoon() { closing = setTimeout(() => { if (document.activeElement !== current?.lane) drop(); }, 180); }
function drop() { hideCard(); cursor.remove(); current = null; }

function select(lane, index, x) {
  clearTimeout(closing);
  const [entry, side, place] = address(lane), shifts = shiftsOf(entry, side, place);
  if (!shifts.length) return;
  index = Math.max(0, Math.min(index, shifts.length - 1));
  const same = current && current.lane === lane && current.index === index;
  current = { lane, index };
  const shift = shifts[index], span = data.end - data.start;
  const from = Math.max(shift.start, data.start), to = Math.min(shift.end, data.end);
  if (!same) {
    cursor.style.left = `${(from - data.start) / span * 100}%`;
    cursor.style.width = `${Math.max((to - from) / span * 100, 0.05)}%`;
    const shown = describe(entry, side, place, shift);
    cursor.setAttribute("role", "option");
    cursor.setAttribute("aria-selected", "true");
    cursor.setAttribute("aria-posinset", index + 1);
    cursor.setAttribute("aria-setsize", shifts.length);
    cursor.setAttribute("aria-label", [shown.who.join(", "), `${shown.from} to ${shown.to}`, ...shown.details].join("; "));
    if (cursor.parentNode !== lane) lane.append(cursor);
    fillCard(shown);
  }
  card.hidden = false;
  placeCard(x);
}
function fillCard(shown) {
  const who = el("p", { className: "who" });
  shown.who.forEach((name, place) => who.append(place ? ", " : "", el("bdi", { textContent: name })));
  const when = el("p", { textContent: `${shown.from} – ${shown.to}${shown.long ? ` · ${shown.long}` : ""}` });
  card.replaceChildren(who, when, ...shown.details.map((text) => el("p", { className: "why" }, el("bdi", { textContent: text }))));
}
function placeCard(x) {
  const bar = cursor.getBoundingClientRect(), box = card.getBoundingClientRect();
  const seen = Math.max(bar.left, 0);
  const left = Math.max(8, Math.min(x === undefined ? seen : x - 24, root.clientWidth - box.width - 8));
  const below = bar.bottom + box.height + 4 < window.innerHeight;
  card.style.left = `${left + window.scrollX}px`;
  card.style.top = `${(below ? bar.bottom + 2 : bar.top - box.height - 2) + window.scrollY}px`;
}
function reveal() {
  const bar = cursor.getBoundingClientRect(), left = axis.getBoundingClientRect().left + hiddenLeft();
  const right = root.clientWidth - 24;
  if (bar.left < left || (bar.right > right && bar.width < right - left)) window.scrollBy({ left: bar.left - left - 24, behavior: "instant" });
  else if (bar.left > right) window.scrollBy({ left: bar.left - right + 120, behavior: "instant" });
  const top = document.querySelector(".axis-row").getBoundingClientRect().height;
  if (bar.top < top) window.scrollBy({ top: bar.top - top - 40, behavior: "instant" });
  else if (bar.bottom > window.innerHeight - 90) window.scrollBy({ top: bar.bottom - window.innerHeight + 120, behavior: "instant" });
}
function indexAt(lane, x, reach = 0) {
  const box = lane.getBoundingClientRect(), second = (data.end - data.start) / box.width;
  const instant = data.start + (x - box.left) * second;
  const shifts = shiftsOf(...address(lane));
  const away = (shift) => Math.max(shift.start - instant, instant - shift.end, 0) / second;
  const inside = shifts.findIndex((shift) => shift.start <= instant && instant < shift.end);
  if (inside >= 0 || !reach || !shifts.length) return inside;
  const nearest = shifts.reduce((one, other, place) => away(other) < away(shifts[one]) ? place : one, 0);
  return away(shifts[nearest]) <= reach ? nearest : -1;
}
function firstIndex(lane) {
  if (current && current.lane === lane) return current.index;
  const shifts = shiftsOf(...address(lane));
  const running = shifts.findIndex((shift) => shift.end > data.now);
  return running < 0 ? 0 : running;
}

for (const side of document.querySelectorAll(".side[data-side]")) {
  side.querySelectorAll(".lane").forEach((lane, place) => { lane.dataset.lane ??= place; });
}
for (const name of document.querySelectorAll(".row > .name")) name.title = name.textContent;
const lanes = [...document.querySelectorAll(".lane[data-lane]:not(.unknown)")];
for (const lane of lanes) {
  lane.tabIndex = 0;
  lane.setAttribute("role", "listbox");
  const [entry, side] = address(lane), { name, sides } = data.schedules[entry];
  const where = sides[side].title ? [name, sides[side].title] : [name];
  lane.setAttribute("aria-label", [...where, lane.getAttribute("aria-label")].join(", "));
  lane.setAttribute("aria-orientation", "horizontal");
}
const timeline = document.querySelector(".timeline");
const laneOf = (event) => event.target.closest?.(".lane[tabindex]");

timeline.addEventListener("pointermove", (event) => {
  const lane = laneOf(event);
  if (!lane || event.pointerType === "touch") return;
  const index = indexAt(lane, event.clientX);
  if (index >= 0) select(lane, index, event.clientX);
  else if (current) hideSoon();
});
timeline.addEventListener("pointerout", (event) => {
  const to = event.relatedTarget;
  if (current && !(to && (to.closest?.(".lane") === current.lane || card.contains(to)))) hideSoon();
});
card.addEventListener("pointerenter", () => clearTimeout(closing));
card.addEventListener("pointerleave", hideSoon);
timeline.addEventListener("click", (event) => {
  const lane = laneOf(event);
  const index = lane ? indexAt(lane, event.clientX, FINGER) : -1;
  if (index >= 0) select(lane, index, event.clientX);
});
document.addEventListener("click", (event) => {
  if (current && !laneOf(event) && !card.contains(event.target)) drop();
});
timeline.addEventListener("focusin", (event) => {
  const lane = laneOf(event);
  if (!lane || event.target !== lane || !lane.matches(":focus-visible")) return;
  select(lane, firstIndex(lane));
  lane.setAttribute("aria-activedescendant", "cursor");
  reveal();
  placeCard();
});
timeline.addEventListener("focusout", (event) => {
  const lane = laneOf(event);
  if (!lane) return;
  lane.removeAttribute("aria-activedescendant");
  if (current && current.lane === lane) drop();
});
timeline.addEventListener("keydown", (event) => {
  const lane = laneOf(event);
  if (!lane || event.target !== lane || event.ctrlKey || event.metaKey || event.altKey) return;
  const last = shiftsOf(...address(lane)).length - 1;
  const index = current && current.lane === lane ? current.index : firstIndex(lane);
  const moves = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last };
  if (event.key in moves) {
    select(lane, moves[event.key]);
    lane.setAttribute("aria-activedescendant", "cursor");
    reveal();
    placeCard();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const shown = lanes.filter((other) => !other.closest("[hidden]"));
    shown[shown.indexOf(lane) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  } else return;
  event.preventDefault();
});
