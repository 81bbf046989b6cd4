/** Shows one message at a time: the one that the list names, or its neighbour. */
export function exploreMessages(): void {
  const list = document.querySelector<HTMLSelectElement>("#message");
  const chooser = document.querySelector<HTMLElement>(".chooser");
  if (list === null || chooser === null) return;
  chooser.hidden = false;
  const show = (): void => {
    for (const article of document.querySelectorAll<HTMLElement>("#journeys > article")) article.hidden = article.id !== list.value;
  };
  const step = (by: number): void => {
    list.selectedIndex = (list.selectedIndex + by + list.options.length) % list.options.length;
    show();
  };
  list.addEventListener("change", show);
  document.querySelector("#message-before")?.addEventListener("click", () => step(-1));
  document.querySelector("#message-next")?.addEventListener("click", () => step(1));
  show();
}
