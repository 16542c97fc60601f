import type { GoProgram } from "./program.ts";

const common = {
  name: "traefik",
  title: "Traefik",
  module: "github.com/traefik/traefik/v3",
  package: "github.com/traefik/traefik/v3/cmd/traefik",
  // The dashboard's page is made for releases alone, and one of its packages is not on npm: without a page, Traefik
  // does not serve /dashboard/ at all. This one shows what Traefik's API answers.
  added: {
    "webui/static/index.html": `<!doctype html>
<title>Traefik</title>
<p>The dashboard's page is not part of Traefik's Go module. Its API: <a href="{{ .APIUrl }}rawdata">rawdata</a>,
<a href="{{ .APIUrl }}http/routers">routers</a>, <a href="{{ .APIUrl }}overview">overview</a>.</p>
`,
  },
  seconds: 240,
};

const version = "-X github.com/traefik/traefik/v3/pkg/version.Version=";

// Of 3.7, the module proxy lacks modules that it needs.
export const traefik = {
  ...common,
  version: "3.6.12",
  moduleVersion: "v3.6.12",
  sum: "h1:6pe4s7aaDTQs+AsF7KP3sM/xnq7zOVvibRQe5tw9eFo=",
  goModSum: "h1:CAiMG7xwkYlNbIKsFzvgxSuHCqZ2KI/0DTQVkvS5Nuo=",
  go: "1.25.0",
  ldflags: `${version}3.6.12`,
} satisfies GoProgram;

/** The oldest Traefik that the stack's configuration is for; the module proxy has no later 3.3 than this. */
export const traefikFloor = {
  ...common,
  version: "3.3.5",
  moduleVersion: "v3.3.5",
  sum: "h1:DcDeaQwSymGj4jOqXa/pIQCaZcJttoN5nC1ZvIirY5s=",
  goModSum: "h1:MDK1Rs8jUuWlNnNptx6c/w8GquaY5Ons3QDTcmavVFw=",
  go: "1.23.0",
  ldflags: `${version}3.3.5`,
} satisfies GoProgram;
