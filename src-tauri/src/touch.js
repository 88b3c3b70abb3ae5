// Tells the shell, at most every ten seconds, that somebody is here: the auto-lock counts from the last touch. Counted by a
// clock that nobody can set.
(() => {
  let told = -Infinity;
  const tell = () => {
    const now = performance.now();
    if (now - told < 10000) return;
    told = now;
    window.__TAURI_INTERNALS__.invoke("app_touched");
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"])
    window.addEventListener(kind, tell, { capture: true, passive: true });
})();
