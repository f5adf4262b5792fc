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
    const text = fitted(label.texts, label.w * wide - (label.node.dataset.t ? 16 : 9));
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
