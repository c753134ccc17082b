// Everything works without this file. It hides the part of a form that an answer makes needless.
for (const section of document.querySelectorAll("[data-shown-when]")) {
  const [name, value] = section.dataset.shownWhen.split("=");
  const answers = [...document.querySelectorAll(`input[name="${name}"]`)];
  const show = () => { section.hidden = !answers.some((each) => each.checked && each.value === value); };
  for (const each of answers) each.addEventListener("change", show);
  show();
}
