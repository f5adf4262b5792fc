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
