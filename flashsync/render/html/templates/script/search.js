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
  for (const entry of entries) {
    const named = plain(data.schedules[entry.dataset.entry].name).includes(wanted);
    let there = false;
    for (const node of entry.querySelectorAll("[data-p]")) {
      const hit = hits.has(+node.dataset.p);
      node.classList.toggle("hit", hit);
      there = there || hit;
    }
    entry.hidden = !(named || there);
    entry.classList.toggle("searching", Boolean(wanted) && there && hits.size > 0);
    if (!entry.hidden) shown += 1;
  }
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
