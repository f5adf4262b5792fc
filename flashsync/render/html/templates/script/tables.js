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
for (const node of entries) {
  const entry = +node.dataset.entry;
  const { name, sides } = data.schedules[entry], change = node.classList.contains("change");
  if ((change && sides.length === 1) || !sides.some((side) => side.lanes[side.lanes.length - 1].shifts)) continue;
  const whose = el("span", { className: "unseen" }, " of ", el("bdi", { textContent: name }));
  const details = el("details", { className: "sheet shifts" }, el("summary", {}, change ? "All shifts" : "Shifts", whose));
  details.addEventListener("toggle", () => {
    if (!details.querySelector(".table")) details.append(...sides.map((_, side) => tableOf(entry, side)));
  });
  node.append(details);
}

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
      more.before(el("tr", {}, el("td", { textContent: on ? `from ${from} on` : `${from} – ${moment(end)}` }),
        ...sides.map((side) => el("td", {}, el("bdi", { textContent: namesOf(who[side]).join(", ") })))));
    });
    more.remove();
  });
}
