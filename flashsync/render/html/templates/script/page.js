const data = JSON.parse(document.getElementById("data").textContent);
const entries = [...document.querySelectorAll(".entry")];
const pairsOf = (flat) => flat.flatMap((one, place) => place % 2 ? [] : [[one, flat[place + 1]]]);
if (!data.schedules || !entries.length) return;
data.groups = data.groups.map(pairsOf);

const root = document.documentElement;
const el = (tag, properties, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
