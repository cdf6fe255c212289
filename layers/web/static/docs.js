// @ts-check
// Starts the interactive description; its address stands in the page, not here.

const place = /** @type {HTMLElement} */ (document.getElementById("swagger-ui"));
window.SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: false,
  validatorUrl: null,
  supportedSubmitMethods: ["get"],
});

export {};
