// Says that a file is too large before it is sent; without this file the server says it afterwards.
const file = document.querySelector("input[type=file][data-largest]");

file?.addEventListener("change", () => {
  const largest = Number(file.dataset.largest);
  const tooLarge = [...file.files].some((each) => each.size > largest);
  file.setCustomValidity(tooLarge ? "That file is larger than 25 MB; choose a smaller one." : "");
  if (tooLarge) file.reportValidity();
});

file?.form.addEventListener("submit", (event) => {
  if (file.validity.customError) {
    event.preventDefault();
    file.reportValidity();
  }
});
