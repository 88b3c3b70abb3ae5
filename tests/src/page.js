// Finds what a person would find: by its name, among what is shown, in the topmost dialog if one is open.
const plain = (text) => (text || "").replace(/\s+/g, " ").trim();
const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden" && !e.closest("[inert]");
const named = (e) =>
  plain(e.getAttribute("aria-label")) ||
  plain((e.getAttribute("aria-labelledby") || "").split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" ")) ||
  plain([...(e.labels || [])].map((label) => label.textContent).join(" ")) ||
  plain(e.textContent) || plain(e.getAttribute("placeholder")) || plain(e.title);
const root = () => [...document.querySelectorAll("dialog[open], [role=dialog], [role=alertdialog]")].filter(shown).pop() || document;
const kinds = {
  press: "button, a[href], summary, [role=button], [role=tab], [role=radio], [role=checkbox], [role=switch], [role=menuitem], input[type=radio], input[type=checkbox], label",
  write: "input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, [contenteditable=true], select",
  slide: "input[type=range], [role=slider]",
};
const find = (kind, name) => {
  const all = [...root().querySelectorAll(kinds[kind])].filter(shown).map((e) => [e, named(e)]);
  const test = [(n) => n === name, (n) => n.startsWith(name), (n) => n.includes(name)];
  const hit = test.map((t) => all.find(([, n]) => t(n))).find(Boolean);
  if (!hit) return null;
  // A choice that is drawn as its label is pressed there.
  const e = hit[0].matches("input[type=radio], input[type=checkbox]") && hit[0].labels?.length ? hit[0].labels[0] : hit[0];
  // As a person would: out from under the bars at the edges.
  e.scrollIntoView({ block: "center", behavior: "instant" });
  return e;
};
// A sheet that still comes in is not where it will be: a press would miss.
const still = (e) => e && !document.getAnimations().some((a) => a.playState === "running" && a.effect?.target?.contains(e)) ? e : null;
