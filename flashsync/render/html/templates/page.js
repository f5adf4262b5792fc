"use strict";
(() => {
const data = JSON.parse(document.getElementById("data").textContent);
const entries = [...document.querySelectorAll(".entry")];
if (!data.schedules || !entries.length) return;

const root = document.documentElement;
const el = (tag, properties, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

// Times: the page brings the zone's clock along, so that no browser's own rules differ.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number) => String(number).padStart(2, "0");

function offsetAt(instant) {
  let offset = data.clock[0][1];
  for (const [from, value] of data.clock) if (instant >= from) offset = value;
  return offset;
}
const wall = (instant) => new Date((instant + offsetAt(instant)) * 1000);
const thisYear = wall(data.now).getUTCFullYear();

function moment(instant) {
  const at = wall(instant);
  const year = at.getUTCFullYear() === thisYear ? "" : ` ${at.getUTCFullYear()}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  const text = `${DAYS[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}${year} ${time}`;
  const offset = offsetAt(instant);
  const twice = data.clock.some(([, other]) => {
    const same = instant + offset - other;
    return other !== offset && offsetAt(same) === other;
  });
  if (!twice) return text;
  const minutes = Math.abs(offset) / 60;
  return `${text} (UTC${offset < 0 ? "−" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)})`;
}

function duration(seconds) {
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (seconds >= size && seconds % size === 0) return count(seconds / size, unit);
  }
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours} h ` : ""}${Math.round((seconds % 3600) / 60)} min`;
}

// Shifts: decoded when they are needed, see page_data.py.

const decoded = new Map();

function shiftsOf(entry, side, lane) {
  const key = `${entry}/${side}/${lane}`;
  if (!decoded.has(key)) {
    const from = data.schedules[entry].sides[side];
    const numbers = from.lanes[lane].shifts || [];
    const shifts = [];
    let at = data.start;
    const stride = from.lanes[lane].kind === "final" ? 3 : 4;
    for (let place = 0; place < numbers.length; place += stride) {
      const start = at + numbers[place] * data.unit;
      at = start + numbers[place + 1] * data.unit;
      shifts.push({ start, end: at, group: numbers[place + 2], cause: numbers[place + 3] });
    }
    if (from.lanes[lane].kind === "final") {
      for (const [start, end, role] of from.gaps) if (role < 0) shifts.push({ start, end, group: -1 });
      shifts.sort((one, other) => one.start - other.start);
    }
    decoded.set(key, shifts);
  }
  return decoded.get(key);
}

function namesOf(group) {
  if (group < 0 || !data.groups[group].length) return ["nobody"];
  return data.groups[group].map(([person, role]) => {
    const name = data.people[person][0];
    return data.roles[role] === "primary" ? name : `${name} (${data.roles[role]})`;
  });
}

const overlaps = (one, other) => one.start < other.end && other.start < one.end;

function whyOf(entry, side, lane, shift) {
  const lanes = data.schedules[entry].sides[side].lanes;
  const { kind, name } = lanes[lane];
  if (kind === "override") return [`override ${data.causes[shift.cause - 1]}`];
  if (kind === "layer") return [shift.cause ? `${name} (turn ${shift.cause})` : name];
  if (shift.group < 0) return ["no layer has duty, and no override covers it"];
  const people = new Set(data.groups[shift.group].map(([person]) => person));
  const reasons = { override: new Set(), layer: new Set() };
  lanes.forEach((other, place) => {
    if (other.kind === "final") return;
    for (const cause of shiftsOf(entry, side, place)) {
      if (overlaps(cause, shift) && data.groups[cause.group].some(([person]) => people.has(person))) {
        whyOf(entry, side, place, cause).forEach((text) => reasons[other.kind].add(text));
      }
    }
  });
  return [...(reasons.override.size ? reasons.override : reasons.layer)];
}

function describe(entry, side, lane, shift) {
  const schedule = data.schedules[entry], { read, gaps } = schedule.sides[side];
  const began = shift.start <= read[0] ? "before " : "", ends = shift.end >= read[1] ? "after " : "";
  const details = [];
  for (const [start, end, role] of gaps) {
    if (role >= 0 && overlaps({ start, end }, shift)) details.push(`no ${data.roles[role]}`);
  }
  details.push(...whyOf(entry, side, lane, shift));
  for (const [start, end, before, after] of schedule.sides.length > 1 ? schedule.moves : []) {
    if (overlaps({ start, end }, shift)) {
      details.push(`changes: ${namesOf(before).join(", ")} → ${namesOf(after).join(", ")}, ${moment(start)} – ${moment(end)}`);
    }
  }
  return {
    who: namesOf(shift.group),
    from: began + moment(shift.start),
    to: ends + moment(shift.end),
    long: began || ends ? "" : duration(shift.end - shift.start),
    details: [...new Set(details)],
  };
}

// Names in bars: the longest form that fits, kept in sight while its bar is.

const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
function widthOf(text) {
  if (!widths.has(text)) widths.set(text, ruler.measureText(text).width);
  return widths.get(text);
}
function fitted([name, short], room) {
  if (widthOf(name) <= room) return name;
  const chars = [...name];
  if (room > 52 && chars.length > 5) {
    let kept = chars.length - 1;
    while (kept > 3 && widthOf(`${chars.slice(0, kept).join("").trimEnd()}…`) > room) kept -= 1;
    if (kept > 3) return `${chars.slice(0, kept).join("").trimEnd()}…`;
  }
  return widthOf(short) <= room + 4 ? short : "";
}

const SLOT = 22, length = (data.end - data.start) / data.unit;
const SVG = document.querySelector("svg").namespaceURI;
const near = new Set();
const labels = new Map();
const BAR = /m(-?\d+) (-?\d+)h(\d+)/g;
function barsOf(path) {
  const bars = [];
  let x = 0, y = 0;
  for (const [, right, down, wide] of path.getAttribute("d").matchAll(BAR)) {
    x += +right; y += +down;
    bars.push({ x, slot: Math.floor(y / SLOT), w: +wide });
  }
  return bars;
}
function write(svg, label, properties) {
  label.node = document.createElementNS(SVG, "text");
  for (const [name, value] of Object.entries(properties)) label.node.setAttribute(name, value);
  svg.append(label.node);
  return Object.assign(label, { size: 0, shift: 0 });
}
function labelsOf(entry) {
  if (labels.has(entry)) return labels.get(entry);
  const made = [];
  for (const svg of entry.querySelectorAll(".lane > svg")) {
    const bars = svg.querySelector(".bars");
    if (!bars) continue;
    for (const old of svg.querySelectorAll(":scope > g")) old.remove();
    for (const path of bars.children) {
      const [name, , short] = data.people[path.dataset.p], groups = new Map();
      for (const { x, slot, w } of barsOf(path)) {
        if (!groups.has(slot)) {
          const group = document.createElementNS(SVG, "g");
          group.setAttribute("class", `i${path.classList[0].match(/\d+$/)[0]} t${slot}`);
          group.dataset.p = path.dataset.p;
          group.classList.toggle("hit", path.classList.contains("hit"));
          groups.set(slot, group);
          svg.append(group);
        }
        const label = { texts: [name, short], x: x / length, w: w / length };
        made.push(write(groups.get(slot), label, { x: `${x / length * 100}%` }));
      }
    }
  }
  const changes = entry.querySelector(".moves .t0");
  if (changes) {
    const { moves } = data.schedules[entry.dataset.entry];
    changes.replaceChildren();
    for (const [start, end, before, after] of moves) {
      const span = data.end - data.start, x = (start - data.start) / span, w = (end - start) / span;
      const texts = [`${namesOf(before).join(", ")} → ${namesOf(after).join(", ")}`, "→"];
      made.push(write(changes, { texts, x, w }, { class: "move-label", x: `${x * 100}%` }));
    }
  }
  for (const node of entry.querySelectorAll(".mark")) {
    made.push({ node, texts: [node.dataset.t, node.dataset.s], size: 0, shift: 0,
      x: parseFloat(node.getAttribute("x")) / 100, w: +node.dataset.w / 100 });
  }
  labels.set(entry, made);
  return made;
}
const axis = document.querySelector(".axis");
const laneWidth = () => axis.clientWidth;
const hiddenLeft = () => {
  const name = document.querySelector(".axis-row .name");
  const edge = name && name.offsetWidth ? name.getBoundingClientRect().right : 0;
  return Math.max(0, edge - axis.getBoundingClientRect().left);
};
function fit(entry, width) {
  const wide = width || laneWidth();
  for (const label of labelsOf(entry)) {
    const text = fitted(label.texts, label.w * wide - 9);
    if (label.node.textContent !== text) label.node.textContent = text;
    label.size = text ? widthOf(text) : 0;
    label.tight = label.size > label.w * wide - 9;
  }
  if (!width) keepInSight(entry);
}
function keepInSight(entry) {
  const wide = laneWidth(), left = hiddenLeft();
  for (const label of labelsOf(entry)) {
    if (!label.size) continue;
    const start = label.x * wide, most = label.w * wide - label.size - 10;
    const shift = label.tight ? -2 : Math.max(0, Math.min(left - start, most));
    if (Math.abs(shift - label.shift) < 0.5) continue;
    label.shift = shift;
    label.node.setAttribute("dx", ((label.node.dataset.t ? 5 : 0) + shift).toFixed(0));
  }
}
const axisLabels = [...axis.querySelectorAll(".days text, .months text")].map((node) => ({
  node, x: parseFloat(node.getAttribute("x")) / 100, dx: parseFloat(node.getAttribute("dx")) || 0,
  centred: Boolean(node.closest(".days")),
}));
function keepAxisInSight() {
  const wide = laneWidth(), left = hiddenLeft(), right = left + visibleWidth();
  const half = 86400 / (data.end - data.start) * wide / 2;
  axisLabels.forEach((label, place) => {
    let shift = label.dx;
    const at = label.x * wide;
    if (label.centred && half > 150) {
      const from = Math.max(at - half, left), to = Math.min(at + half, right);
      if (to - from > 70) shift = (from + to) / 2 - at;
    } else if (!label.centred) {
      const next = axisLabels[place + 1], end = next && !next.centred ? next.x * wide : wide;
      shift = Math.max(label.dx, Math.min(left - at, end - at - 150) + label.dx);
    }
    label.node.setAttribute("dx", shift.toFixed(0));
  });
}
const watcher = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting) { near.add(target); fit(target); } else near.delete(target);
  }
}, { rootMargin: "300px 99999px" });

let frame = 0;
const later = (task) => { cancelAnimationFrame(frame); frame = requestAnimationFrame(task); };

// Zoom and moving along the axis.

const ZOOMS = ["all", "month", "week", "day"];
const SPANS = { day: 1, week: 7, month: 30 };
const buttons = [...document.querySelectorAll("[data-zoom]")];
const days = (data.end - data.start) / 86400;
const possible = ZOOMS.filter((name) => name === "all" || SPANS[name] < days - 0.5);
let zoomed = "all";

const visibleWidth = () => root.clientWidth - (axis.getBoundingClientRect().left + window.scrollX) - parseFloat(getComputedStyle(document.body).paddingRight);
function scrollToInstant(instant, part) {
  const place = (instant - data.start) / (data.end - data.start) * laneWidth();
  window.scrollTo({ left: place - visibleWidth() * part, behavior: "instant" });
}
function stretch() {
  root.style.setProperty("--day", zoomed === "all" ? "0px" : `${visibleWidth() / SPANS[zoomed]}px`);
}
function zoom(name) {
  const wide = laneWidth(), seen = visibleWidth(), left = hiddenLeft();
  const shown = (instant) => {
    const place = (instant - data.start) / (data.end - data.start) * wide;
    return place >= left && place <= left + seen;
  };
  let anchor = data.start + (left + seen / 2) / wide * (data.end - data.start);
  if (data.now >= data.start && data.now < data.end && shown(data.now)) anchor = data.now;
  zoomed = name;
  stretch();
  root.classList.toggle("hours", name === "day");
  for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.zoom === name);
  scrollToInstant(anchor, anchor === data.now ? 0.25 : 0.5);
  refit();
  showPan();
  hideCard();
}
function refit() { keepAxisInSight(); for (const entry of near) fit(entry); }
function step(by) {
  const place = possible.indexOf(zoomed) + by;
  if (place >= 0 && place < possible.length) zoom(possible[place]);
}
for (const button of buttons) {
  button.hidden = !possible.includes(button.dataset.zoom);
  button.addEventListener("click", () => zoom(button.dataset.zoom));
}
const zoomGroup = document.querySelector(".zoom");
zoomGroup.hidden = possible.length < 2;
for (const button of document.querySelectorAll("[data-pan]")) {
  button.addEventListener("click", () => {
    const by = button.dataset.pan;
    if (by === "now") scrollToInstant(data.now, 0.25);
    else window.scrollBy({ left: by * visibleWidth() * 0.8 });
  });
}
function showPan() { document.querySelector(".pan").hidden = root.scrollWidth <= root.clientWidth + 1; }

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
  lane.setAttribute("aria-label", `${data.schedules[address(lane)[0]].name}, ${lane.getAttribute("aria-label")}`);
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

// Search: other schedules go, other people fade.

const search = document.getElementById("search"), status = document.getElementById("found");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
function find() {
  const wanted = plain(search.value.trim());
  const hits = new Set();
  if (wanted) data.people.forEach(([name, email], place) => {
    if (plain(name).includes(wanted) || plain(email).includes(wanted)) hits.add(place);
  });
  let shown = 0;
  entries.forEach((entry, place) => {
    const named = plain(data.schedules[place].name).includes(wanted);
    let there = false;
    for (const node of entry.querySelectorAll("[data-p]")) {
      const hit = hits.has(+node.dataset.p);
      node.classList.toggle("hit", hit);
      there = there || hit;
    }
    entry.hidden = !(named || there);
    entry.classList.toggle("searching", Boolean(wanted) && there && hits.size > 0);
    if (!entry.hidden) shown += 1;
  });
  for (const other of document.querySelectorAll(".change:not(.entry)")) {
    other.hidden = !plain(other.querySelector("h2").textContent).includes(wanted);
  }
  const list = document.querySelector(".people");
  list.classList.toggle("searching", hits.size > 0);
  for (const node of list.querySelectorAll("[data-p]")) node.classList.toggle("hit", hits.has(+node.dataset.p));
  drop();
  status.textContent = !wanted ? "" : shown || hits.size
    ? `${hits.size ? `${hits.size === 1 ? "1 person" : `${hits.size} people`}, ` : ""}${shown} of ${count(entries.length, "schedule")}`
    : "Nothing found";
}
search.addEventListener("input", find);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (!card.hidden) hideCard();
    else if (search.value) { search.value = ""; find(); }
    return;
  }
  if (event.target === search) return;
  if (event.key === "/") { event.preventDefault(); search.focus(); search.select(); }
  else if (event.key === "+" || event.key === "=") step(1);
  else if (event.key === "-") step(-1);
});

// The same shifts as a table, made when it is opened.

function tableOf(entry, side) {
  const schedule = data.schedules[entry], { lanes: all, title } = schedule.sides[side];
  const place = all.length - 1;
  const head = el("tr", {}, ...["From", "To", "On call", "Why"].map((text) => el("th", { scope: "col", textContent: text })));
  const body = el("tbody");
  for (const shift of shiftsOf(entry, side, place)) {
    const shown = describe(entry, side, place, shift);
    body.append(el("tr", {},
      el("td", { textContent: shown.from }), el("td", { textContent: shown.to }),
      el("td", {}, el("bdi", { textContent: shown.who.join(", ") })),
      el("td", {}, el("bdi", { textContent: shown.details.join("; ") }))));
  }
  const caption = `${title ? `${title[0].toUpperCase()}${title.slice(1)}: o` : "O"}n call, times in ${data.zone}`;
  const box = el("div", { className: "table", tabIndex: 0 }, el("table", {}, el("caption", { textContent: caption }), el("thead", {}, head), body));
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", `${title ? `${title}, s` : "S"}hifts of ${schedule.name}`);
  return box;
}
entries.forEach((node, entry) => {
  const { name, sides } = data.schedules[entry], change = node.classList.contains("change");
  if ((change && sides.length === 1) || !sides.some((side) => side.lanes[side.lanes.length - 1].shifts)) return;
  const whose = el("span", { className: "unseen" }, " of ", el("bdi", { textContent: name }));
  const details = el("details", { className: "sheet shifts" }, el("summary", {}, change ? "All shifts" : "Shifts", whose));
  details.addEventListener("toggle", () => {
    if (!details.querySelector(".table")) details.append(...sides.map((_, side) => tableOf(entry, side)));
  });
  node.append(details);
});

// The shifts that move and are not in the page: they are listed when they are asked for.

for (const details of document.querySelectorAll("details.moved-shifts")) {
  const more = details.querySelector(".more");
  if (!more) continue;
  details.addEventListener("toggle", () => {
    if (!more.isConnected) return;
    const { moves } = data.schedules[details.closest(".entry").dataset.entry];
    const sides = [...details.querySelectorAll("th[data-side]")].map((head) => head.dataset.side);
    moves.slice(more.parentNode.rows.length - 1).forEach(([start, end, before, after], place, all) => {
      const on = "goesOn" in details.dataset && place === all.length - 1;
      const from = start <= data.now ? "now" : moment(start);
      const who = { before, after };
      more.before(el("tr", {}, el("td", { textContent: on ? `${from} and on` : `${from} – ${moment(end)}` }),
        ...sides.map((side) => el("td", {}, el("bdi", { textContent: namesOf(who[side]).join(", ") })))));
    });
    more.remove();
  });
}

// Start.

const sample = document.querySelector(".swatch text");
if (sample) {
  const { fontWeight, fontFamily } = getComputedStyle(sample);
  ruler.font = `${fontWeight} ${getComputedStyle(root).fontSize === "16px" ? 13 : 12}px ${fontFamily}`;
}
document.getElementById("controls").hidden = false;
for (const entry of entries) watcher.observe(entry);
const legible = (name) => visibleWidth() / (name === "all" ? days : SPANS[name]) >= 20;
zoom(possible.find(legible) || possible[possible.length - 1]);
if (data.person !== null) { search.value = data.people[data.person][0]; find(); }
window.addEventListener("resize", () => later(() => {
  stretch(); refit(); showPan();
}));
window.addEventListener("scroll", () => later(() => { keepAxisInSight(); for (const entry of near) keepInSight(entry); }), { passive: true });
window.addEventListener("beforeprint", () => { drop(); for (const entry of entries) fit(entry, 900); });
window.addEventListener("afterprint", refit);
})();
