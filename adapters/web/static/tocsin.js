// Everything works without this file. It adds: the time left, minute by minute, and a warning before the session ends.
const script = document.getElementById("tocsin-script");
const skew = script?.dataset.now ? Date.parse(script.dataset.now) - Date.now() : 0;
const now = () => Date.now() + skew;

function left(until) {
  const minutes = Math.floor(Math.abs(until - now()) / 60000);
  const hours = Math.floor(minutes / 60);
  const parts = [];
  if (hours) parts.push(`${hours.toLocaleString("en-GB")} ${hours === 1 ? "hour" : "hours"}`);
  if (minutes % 60 || !hours) parts.push(`${minutes % 60} ${minutes % 60 === 1 ? "minute" : "minutes"}`);
  return until >= now() ? `${parts.join(" ")} left` : `passed ${parts.join(" ")} ago`;
}

function tick() {
  for (const each of document.querySelectorAll("[data-left-until]")) {
    const words = left(Date.parse(each.dataset.leftUntil));
    if (each.textContent !== words) each.textContent = words;
  }
}
if (document.querySelector("[data-left-until]")) {
  tick();
  setInterval(tick, 20000);
}
