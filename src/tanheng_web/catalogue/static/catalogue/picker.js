// A field that wants a factor: what is typed is searched, a choice fills the field. Works by keyboard; Escape closes.
const lists = new WeakMap();

function open(input) {
  const list = document.getElementById(input.dataset.factorList);
  lists.set(input, list);
  return list;
}

function close(list) {
  list.replaceChildren();
}

document.addEventListener("click", event => {
  const choice = event.target.closest(".factor-choice");
  if (!choice) return;
  const list = choice.closest("ul");
  const input = document.querySelector(`[data-factor-list="${list.id}"]`);
  input.value = choice.dataset.factor;
  close(list);
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("keydown", event => {
  const picker = event.target.closest?.(".factor-picker");
  if (!picker) return;
  const list = open(picker.querySelector("input"));
  const choices = [...list.querySelectorAll(".factor-choice")];
  const at = choices.indexOf(document.activeElement);
  if (event.key === "Escape" && choices.length) {
    close(list);
    picker.querySelector("input").focus();
  } else if (event.key === "ArrowDown" && choices.length) {
    event.preventDefault();
    (choices[at + 1] ?? choices[0]).focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    event.preventDefault();
    (choices[at - 1] ?? picker.querySelector("input")).focus();
  }
});
