// On every page: move to the errors, and close the menu when someone turns away from it.

const summary = document.querySelector(".summary");
if (summary) {
  document.title = `Error: ${document.title}`;
  summary.focus();
}

const menu = document.querySelector("details.menu");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
