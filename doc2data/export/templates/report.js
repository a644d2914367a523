// Shows what a mark or a cell says beside the pointer; all of it is also there for screen readers.
const tip = document.getElementById("tip");
function show(event) {
  const mark = event.target.closest("[data-tip], figure svg path[aria-label]");
  tip.hidden = !mark;
  if (!mark) return;
  tip.textContent = mark.dataset.tip ?? mark.getAttribute("aria-label");
  const box = tip.getBoundingClientRect();
  const left = Math.min(event.clientX + 14, innerWidth - box.width - 8);
  const below = event.clientY + 18;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${below + box.height > innerHeight ? event.clientY - box.height - 10 : below}px`;
}
document.addEventListener("pointermove", show);
document.addEventListener("pointerdown", show);
document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
