"use strict";

// Nothing is sent to anybody but this server: no validator is asked.
window.ui = SwaggerUIBundle({
  dom_id: "#swagger-ui",
  url: "/openapi.json",
  validatorUrl: "none",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: -1,
  docExpansion: "list",
  filter: false,
  tryItOutEnabled: true,
});
