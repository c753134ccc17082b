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

// The warning before the session ends (WCAG 2.2, 2.2.1). It is said once, and takes the focus from nobody.
const WARNED_BEFORE = 5 * 60000;
const SHOWN_AFTER = 15000;
const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function watchSession({ sessionEnds, sessionLast, csrf, style }) {
  let [ends, last, state, before, asking] = [Date.parse(sessionEnds), Date.parse(sessionLast), "quiet", null, false];
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("tocsin-session") : null;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
  const bar = Object.assign(document.createElement("div"), { className: "tocsin-session", hidden: true });
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Your session");
  const inside = Object.assign(document.createElement("div"), { className: "govuk-width-container" });
  const said = Object.assign(document.createElement("p"), { className: "govuk-body" });
  const stay = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button" });
  const again = Object.assign(document.createElement("a"), { className: "govuk-body govuk-link", target: "_blank", rel: "noopener" });
  stay.textContent = "Stay signed in";
  again.href = "/sign-in?next=/signed-in";
  again.textContent = "Sign in again (opens in a new tab)";
  inside.append(said, stay, again);
  bar.append(inside);
  // A status is read out only where it stood, empty, before it was filled.
  const status = Object.assign(document.createElement("div"), { className: "govuk-visually-hidden" });
  status.setAttribute("role", "status");
  document.head.append(link);
  document.body.append(bar, status);

  function show(words, { canStay = false, canSignIn = false } = {}) {
    said.textContent = status.textContent = words;
    stay.hidden = !canStay;
    again.hidden = !canSignIn;
    bar.hidden = false;
    document.documentElement.classList.add("tocsin-warned");
  }
  function quiet() {
    if (state !== "quiet" && bar.contains(document.activeElement)) before?.focus?.();
    state = "quiet";
    bar.hidden = true;
    status.textContent = "";
    document.documentElement.classList.remove("tocsin-warned");
  }
  function look() {
    const rest = ends - now();
    if (rest > WARNED_BEFORE) {
      if (state === "warned") quiet();
    } else if (rest > 0 && state === "quiet") {
      state = "warned";
      const minutes = Math.max(1, Math.round(rest / 60000));
      const when = `in ${minutes} ${minutes === 1 ? "minute" : "minutes"}, at ${clock(ends - skew)}`;
      if (ends >= last) {
        show(`You will be signed out ${when}: that is the longest that one sign-in lasts. Send what you are writing now.`);
      } else {
        show(`You will be signed out ${when}, because nothing was sent or opened for a while.`, { canStay: true });
      }
    } else if (rest <= 0 && state !== "ended") {
      state = "ended";
      show("You were signed out. What you typed on this page is still here: sign in again in a new tab, then send it.", {
        canSignIn: true,
      });
    }
  }
  function heard(found) {
    ends = found.ends;
    last = found.last;
    if (state === "ended" && ends > now()) quiet();
    look();
  }
  bar.addEventListener("focusin", (event) => {
    if (!bar.contains(event.relatedTarget)) before = event.relatedTarget;
  });
  stay.addEventListener("click", async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch("/session/extend", { method: "POST", body: new URLSearchParams({ csrf }) });
      if (answer.status === 401 || answer.status === 403) {
        ends = now();
      } else if (answer.ok) {
        const found = await answer.json();
        [ends, last] = [Date.parse(found.ends), Date.parse(found.last)];
        tabs?.postMessage({ ends, last });
        said.textContent = status.textContent = `You stay signed in until ${clock(ends - skew)}.`;
        state = "extended";
        setTimeout(() => state === "extended" && quiet(), SHOWN_AFTER);
      } else {
        said.textContent = status.textContent = "That did not work; try again.";
      }
    } catch {
      said.textContent = status.textContent = "The connection was lost; try again.";
    }
    asking = false;
    look();
  });
  tabs?.addEventListener("message", (event) => heard(event.data));
  tabs?.postMessage({ ends, last });
  look();
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
}
if (script?.dataset.sessionEnds) watchSession(script.dataset);
