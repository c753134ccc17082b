// Everything works without this file. It turns the number of the event into a slider that shows each event in place.
const form = document.getElementById("replay-event");
const events = [...document.querySelectorAll("[data-event]")];
const input = form?.querySelector("input[name=at]");
const SWAPPED = ["replay-steps", "replay-time", "replay-now"];

const said = (number) => `Event ${number} of ${events.length}: ${events[number - 1]?.dataset.said ?? ""}`;

function slider() {
  const range = document.createElement("input");
  Object.assign(range, { type: "range", id: input.id, name: input.name, min: 1, max: events.length, step: 1, value: input.value });
  range.className = "tocsin-slider";
  form.querySelector("label").textContent = "Event";
  const shown = document.createElement("p");
  shown.className = "govuk-body";
  const say = () => {
    range.setAttribute("aria-valuetext", said(range.value));
    shown.textContent = said(range.value);
  };
  say();
  input.replaceWith(range);
  range.after(shown);
  form.querySelector("button").hidden = true;
  form.classList.add("tocsin-slides");
  let wanted = 0;
  const show = async () => {
    const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
    const mine = (wanted += 1);
    let page;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error();
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      location.assign(address);
      return;
    }
    if (mine !== wanted) return;
    for (const id of SWAPPED) document.getElementById(id).replaceWith(page.getElementById(id));
    document.title = page.title;
    history.replaceState(null, "", address);
    document.getElementById("replay-said").textContent = said(range.value);
  };
  let waiting;
  range.addEventListener("input", () => {
    say();
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
}

// What was typed wrongly stays a field, so that it can be seen and put right.
if (form && input && events.length > 1 && !form.querySelector(".govuk-error-message")) slider();
