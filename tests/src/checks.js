// What makes a screen hard to use, found by looking at what is drawn. Each check gives a list of sentences.
const top = () => root();
const brief = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 110);
const box = (e) => e.getBoundingClientRect();
// For screen readers only, folded away, or a picture.
const tiny = (e) => { for (let up = e; up && up !== document.body; up = up.parentElement) if (getComputedStyle(up).clipPath !== "none") return true; return false; };
const folded = (e) => { const closed = e.closest("details:not([open])"); return !!closed && !e.closest("summary"); };
const unseen = (e) => !!e.closest(".skip, svg") || tiny(e) || folded(e);
const drawn = (e) => shown(e) && box(e).width > 2 && box(e).height > 2 && !unseen(e);
const pressables = "a[href], button, summary, input, select, textarea, [role=button], [tabindex='0']";

// What a finger meets: a choice is drawn as its label.
const target = (e) => (e.matches("input[type=radio], input[type=checkbox]") && e.closest("label, .tick")) || e;

// At least 44 px each way, unless it stands within a sentence.
const small = () => [...top().querySelectorAll(pressables)].filter((e) => drawn(target(e)) && !e.disabled).map((e) => [e, box(target(e))])
  .filter(([e, b]) => (b.width < 43.5 || b.height < 43.5) && !(e.matches("a") && e.closest("p")))
  .map(([e, b]) => `${Math.round(b.width)}x${Math.round(b.height)}: ${brief(e)}`);

// Every run of text with the boxes it is drawn in.
const texts = () => {
  const walker = document.createTreeWalker(top() === document ? document.body : top(), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, e = node.parentElement;
    if (!plain(node.data) || !shown(e) || unseen(e) || e.closest("option, script, style, [aria-hidden=true].sheet")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    found.push(...[...range.getClientRects()].filter((b) => b.width > 1 && b.height > 1).map((b) => ({ e, b, words: plain(node.data).slice(0, 50) })));
  }
  return found;
};

// Nothing runs over the edge of the window, of the box that cuts it, or of the button it names.
const cut = () => {
  const wide = document.documentElement.clientWidth, problems = [];
  if (document.documentElement.scrollWidth > wide + 1) problems.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${wide}`);
  for (const e of top().querySelectorAll("*")) {
    if (drawn(e) && plain(e.textContent) && (box(e).right > wide + 1 || box(e).left < -1)) problems.push(`over the edge (${Math.round(box(e).left)} to ${Math.round(box(e).right)} of ${wide}): ${brief(e)}`);
  }
  for (const { e, b, words } of texts()) {
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up), edge = box(up);
      const cuts = style.overflowX !== "visible" && style.display !== "inline";
      const holds = up.matches("button, a.btn, .chip > span, .seg span, .moods span, .tag, .pill");
      const sideways = b.right > edge.right + 1.5 || b.left < edge.left - 1.5;
      const scrolls = ["auto", "scroll"].includes(style.overflowY);
      const upright = !scrolls && (b.bottom > edge.bottom + 3 || b.top < edge.top - 3);
      if ((cuts || holds) && (sideways || upright)) { problems.push(`“${words}” runs out of ${brief(up)}`); break; }
      if (style.position === "fixed") break;
    }
  }
  return problems;
};

// No words lie on other words.
const overlaps = () => {
  const still = (e) => !["fixed", "sticky"].includes(getComputedStyle(e).position);
  const flows = (e) => { for (let up = e; up; up = up.parentElement) if (!still(up)) return false; return true; };
  const all = texts().filter(({ e }) => flows(e)), problems = [];
  all.forEach((one, at) => all.slice(at + 1).forEach((two) => {
    const across = Math.min(one.b.right, two.b.right) - Math.max(one.b.left, two.b.left);
    const down = Math.min(one.b.bottom, two.b.bottom) - Math.max(one.b.top, two.b.top);
    const line = Math.min(one.b.height, two.b.height);
    if (one.e !== two.e && across > 2 && down > line / 2.5) problems.push(`“${one.words}” lies on “${two.words}”`);
  }));
  return problems;
};

// What the Tab key must reach. One radio of a group stands for all: the arrow keys reach the others.
const stops = () => [...top().querySelectorAll(pressables)].filter((e) => shown(target(e)) && !e.disabled && e.tabIndex >= 0 && !folded(e));
const group = (e) => (e.matches("input[type=radio]") ? `radio ${e.name}` : e);
const reached = (seen) => {
  const groups = new Set(seen.map(group));
  return stops().filter((e) => !groups.has(group(e))).map((e) => `not reached: ${brief(e)}`);
};

// Whether one sees where the focus is: a ring on the element or on what it is drawn as, and not under a bar.
const ringed = (e) => {
  const around = [e, target(e), e.nextElementSibling, e.parentElement].filter(Boolean);
  return around.some((one) => getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 2);
};
const covered = (e) => {
  const drawnAs = target(e), b = box(drawnAs), at = [0.1, 0.5, 0.9];
  const points = at.flatMap((x) => at.map((y) => [b.left + b.width * x, b.top + b.height * y]));
  return !points.some(([x, y]) => { const hit = document.elementFromPoint(x, y); return hit && (drawnAs.contains(hit) || hit.contains(drawnAs) && !hit.matches("body, html")); });
};
const focused = () => {
  const e = document.activeElement;
  return [[ringed(e), "no ring"], [!covered(e), "covered"]].filter(([fine]) => !fine).map(([, what]) => `${what} when focused: ${brief(e)}`);
};
// One step of the Tab key: what is seen, or null once it has come round.
const stepped = () => {
  const all = (window.tabbed ??= []), now = document.activeElement;
  if (!now || now === document.body) return null;
  // A field for a date has several stops of its own.
  window.stays = now === all.at(-1) ? window.stays + 1 : 0;
  if (window.stays) return window.stays > 8 ? null : [];
  if (all.includes(now)) return null;
  all.push(now);
  return focused();
};
