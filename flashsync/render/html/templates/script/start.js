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
