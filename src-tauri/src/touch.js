// Tells the shell, at most every ten seconds, that somebody is here: the auto-lock counts from the last touch.
(() => {
  let told = 0;
  const tell = () => {
    const now = Date.now();
    if (now - told < 10000) return;
    told = now;
    window.__TAURI_INTERNALS__.invoke("app_touched");
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"])
    window.addEventListener(kind, tell, { capture: true, passive: true });
})();
