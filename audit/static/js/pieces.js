// Copies of the pieces a page brings along, with words put into them.

// Returns what the template `id` holds, with each word of `words` at the mark "data-<name>".
export function filled(id, words = {}) {
  const copy = document.querySelector(`#${id}`).content.cloneNode(true);
  for (const [name, text] of Object.entries(words)) {
    copy.querySelector(`[data-${name}]`).textContent = text;
  }
  return copy;
}

// "3 of 9 answered", each number kept in its own direction.
export function counted(element, done, total, words) {
  element.replaceChildren(isolated(done), " of ", isolated(total), ` ${words}`);
}

function isolated(number) {
  const element = document.createElement("bdi");
  element.textContent = number;
  return element;
}
