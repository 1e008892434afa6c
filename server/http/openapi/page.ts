/** The page of `/explorer`: everything it loads comes from this node. */
export const explorerPage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spectrum explorer</title>
<link rel="stylesheet" href="/explorer/swagger-ui.css">
<link rel="stylesheet" href="/explorer/explorer.css">
<link rel="icon" href="data:,">
</head>
<body>
<header>
<h1>Spectrum explorer</h1>
<p>Choose a service, press <b>Execute</b>; the first call asks for user name and password.
<a href="/explorer">Services</a> <a href="/explorer?api=management">Management</a> <a href="/">Start page</a></p>
</header>
<main id="explorer"></main>
<script src="/explorer/swagger-ui-bundle.js"></script>
<script src="/explorer/explorer.js"></script>
</body>
</html>
`;

export const explorerScript = `window.explorer = SwaggerUIBundle({
  url: new URLSearchParams(location.search).get('api') === 'management' ? '/api/v1/openapi.json' : '/openapi.json',
  dom_id: '#explorer',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

export const explorerStyle = `body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2733; background: #fff; }
header { padding: 1.2rem 1.25rem .6rem; max-width: 1460px; margin: 0 auto; }
header h1 { margin: 0; font-size: 1.5rem; }
header p { margin: .2rem 0 0; color: #44546a; }
header a { color: #0b5cad; }
.swagger-ui .info { margin: 1rem 0; }
`;

/** Nothing from elsewhere is loaded or called; the component writes inline styles and shows images as data. */
export const explorerPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
