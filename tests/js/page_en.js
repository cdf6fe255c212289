// The page of page.js, opened with ?lang=en.

import "./page.js";

/** @type {any} */ (globalThis).location = { search: "?lang=en" };
