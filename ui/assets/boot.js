// Kept out of index.html: the content security policy allows no inline script.
import init from "../trellis-ui.js";

init({ module_or_path: new URL("../trellis-ui_bg.wasm", import.meta.url) });
