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
