// Everything works without this file. It hides the part of a form that an answer makes needless, and says of a number
// that is typed while “not known” or “none” is chosen that it is exact, where everybody sees it and can change it.
for (const section of document.querySelectorAll("[data-shown-when]")) {
  const [name, value] = section.dataset.shownWhen.split("=");
  const answers = [...document.querySelectorAll(`input[name="${name}"]`)];
  const show = () => { section.hidden = !answers.some((each) => each.checked && each.value === value); };
  for (const each of answers) each.addEventListener("change", show);
  show();
}
for (const number of document.querySelectorAll('input[name$="-number"]')) {
  const answers = [...document.querySelectorAll(`input[name="${number.name.replace(/-number$/, "-certainty")}"]`)];
  number.addEventListener("input", () => {
    const chosen = answers.find((each) => each.checked)?.value;
    const exact = answers.find((each) => each.value === "exact" || each.value === "yes");
    if (number.value && exact && !["exact", "approximate", "yes"].includes(chosen)) exact.checked = true;
  });
}
