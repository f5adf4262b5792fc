(() => {
// A served page asks its server for a newer one. It is loaded again only if there is one, only while
// nobody is busy with it, and with the search, zoom, place and focus that it had.

const STATE = "flashsync", IDLE = 5000;
const every = Number(document.body.dataset.every) * 1000;
const freshness = document.getElementById("freshness");
const text = freshness.textContent, failed = freshness.classList.contains("failed");
let tag = null, touched = 0, timer = 0;

const search = document.getElementById("search");
const lanePath = (lane) => `#${lane.closest(".entry").id} [data-side="${lane.closest("[data-side]").dataset.side}"] [data-lane="${lane.dataset.lane}"]`;

function keep() {
  const active = document.activeElement;
  sessionStorage.setItem(STATE, JSON.stringify({
    wanted: search ? search.value : "",
    zoom: document.querySelector("[data-zoom][aria-pressed=true]")?.dataset.zoom,
    focus: active === search ? "#search" : active.dataset?.lane ? lanePath(active) : "",
    open: [...document.querySelectorAll(".entry:has(details[open])")].map((entry) => entry.id),
    left: scrollX,
    top: scrollY,
  }));
}

function restore() {
  const state = JSON.parse(sessionStorage.getItem(STATE) || "null");
  sessionStorage.removeItem(STATE);
  if (!state) return;
  if (search && state.wanted) {
    search.value = state.wanted;
    search.dispatchEvent(new Event("input"));
  }
  document.querySelector(`[data-zoom="${state.zoom}"][aria-pressed=false]`)?.click();
  for (const id of state.open) document.querySelector(`#${id} details`)?.setAttribute("open", "");
  if (state.focus) document.querySelector(state.focus)?.focus({ preventScroll: true });
  scrollTo({ left: state.left, top: state.top, behavior: "instant" });
}

function say(trouble) {
  freshness.textContent = trouble || text;
  freshness.classList.toggle("failed", Boolean(trouble) || failed);
}

async function ask() {
  try {
    const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const found = answer.headers.get("ETag");
    if (tag === null) tag = found;
    say("");
    if (found !== tag) return renew();
  } catch {
    say(`${text}. flashsync does not answer; trying again`);
  }
  later(every);
}

function renew() {
  const idle = Date.now() - touched;
  if (idle < IDLE) return later(IDLE - idle);
  keep();
  location.reload();
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

for (const kind of ["keydown", "pointermove", "pointerdown", "wheel", "touchmove"]) {
  addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) later(0); });
history.scrollRestoration = "manual";
restore();
ask();
})();
