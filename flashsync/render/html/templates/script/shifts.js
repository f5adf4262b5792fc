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
