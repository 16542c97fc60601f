import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Answer, ask, askJson } from "./ask.test-helper.ts";
import { guestFiles, placeGuestFiles } from "./guest.test-helper.ts";
import { watchKuma } from "./kuma.test-helper.ts";
import { findLine, queryLoki } from "./loki.test-helper.ts";
import { askDashboards } from "./queries.test-helper.ts";
import { docker, images, openStack, routed, type Stack } from "./stack.test-helper.ts";
import { startTelegram, type Telegram } from "./telegram.test-helper.ts";

// The compose file as it is rendered, with real programs in it. What is no real program, and which versions these
// are, docs/TESTING.md says.

let stack: Stack;
let telegram: Telegram;

beforeAll(async () => {
  telegram = await startTelegram();
  stack = await openStack();
  stack.desk.write("stack/secrets/telegram-bot-token", telegram.token);
  await stack.up(
    `telegram_chat_id = -4712\ntelegram_api_url = "http://host.docker.internal:${telegram.port}"\n`,
  );
});

afterAll(async () => {
  telegram?.close();
  await stack?.close();
});

describe("Traefik", () => {
  test("shows its dashboard by name, and at its port for those without names", async () => {
    for (const question of [{ host: "traefik.home.lan" }, { port: 8080 }]) {
      expect((await ask("/dashboard/", question)).status).toBe(200);
      expect(await askJson("/api/overview", question)).toHaveProperty("http.routers");
    }
  });

  test("leads every name to the service behind it", async () => {
    const all = routed(stack);
    expect(all.map(({ service }) => service)).toEqual(
      expect.arrayContaining(["alertmanager", "grafana", "loki", "prometheus", "traefik", "uptime-kuma"]),
    );
    const unlike = ({ status, headers }: Answer) => ({ status, type: headers["content-type"] });
    for (const { host, directPort, path } of all) {
      const behind = await ask(path, { port: directPort });
      expect(behind.status, host).toBe(200);
      expect(unlike(await ask(path, { host })), host).toEqual(unlike(behind));
    }
    // What each says of itself, and no other could.
    expect((await ask("/metrics", { host: "prometheus.home.lan" })).text).toContain("prometheus_build_info");
    expect((await ask("/metrics", { host: "alertmanager.home.lan" })).text).toContain(
      "alertmanager_build_info",
    );
    expect((await ask("/metrics", { host: "loki.home.lan" })).text).toContain("loki_build_info");
    expect((await ask("/metrics", { host: "grafana.home.lan" })).text).toContain("grafana_build_info");
    expect(await askJson("/api/entry-page", { host: "uptime.home.lan" })).toHaveProperty("type");
  });

  test("answers 404 to a name it does not know", async () => {
    expect((await ask("/", { host: "other.home.lan" })).status).toBe(404);
    expect((await ask("/", { host: "127.0.0.1" })).status).toBe(404);
  });

  test("has one router for each name, and no other", async () => {
    const routers = z
      .array(
        z.object({
          name: z.string(),
          rule: z.string(),
          status: z.string(),
          entryPoints: z.array(z.string()),
        }),
      )
      .parse(await askJson("/api/http/routers?per_page=1000", { host: "traefik.home.lan" }));
    const byRule = routers.flatMap(({ rule }) => /^Host\(`[^`]+`\)/.exec(rule)?.[0] ?? []);
    expect(byRule.toSorted()).toEqual(
      routed(stack)
        .map(({ host }) => `Host(\`${host}\`)`)
        .toSorted(),
    );
    expect(routers.filter(({ status }) => status !== "enabled")).toEqual([]);
    expect(routers.filter(({ name }) => name.endsWith("@docker"))).toEqual([]);
  });
});

test("pve-exporter, which calls the host that it is asked to with the token, shows its own metrics by name, and no more", async () => {
  const host = "pve-exporter.home.lan";
  expect((await ask("/metrics", { host })).status).toBe(200);
  expect((await ask("/pve?target=127.0.0.1", { host })).status).toBe(404);
});

test("the ports of a stack that is only tried are open on this machine alone", async () => {
  const published = (await docker("ps", "--format", "{{.Ports}}"))
    .split(/[\n,]/)
    .filter((port) => port.includes("->"));
  expect(published.length).toBeGreaterThan(8);
  expect(published.map((port) => port.trim()).filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
});

describe("Loki", () => {
  // The requirement's limit, in milliseconds.
  const soon = 5000;

  test("has a line of a container of this machine within five seconds", async () => {
    const script = "echo level=info msg=started; while :; do sleep 1; done";
    await docker("run", "--detach", "--name", "shop", "stack-test/busybox", "sh", "-c", script);
    try {
      // The agent looks for new containers every 15 seconds.
      await findLine('{service="shop"} |= "started"');
      await docker("exec", "shop", "sh", "-c", "echo 'level=error msg=\"no space left 4711\"' >/proc/1/fd/1");
      const { labels, after } = await findLine('{service="shop", level="error"} |= "no space left 4711"');
      expect(labels).toMatchObject({
        environment: "monitoring",
        job: "docker",
        level: "error",
        hostname: expect.any(String),
      });
      expect(after).toBeLessThan(soon);
    } finally {
      await docker("rm", "--force", "shop");
    }
  });

  test("has a line of a guest in production, whose agent is the one of module vm, under the guest's name", async () => {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8kQY1s3Jm7r1rWm4cUqv0q8hG5mYd9F0xYkq3l2v7N me";
    const files = await guestFiles({
      ...{ name: "web-001", environment: "prod", node_name: "pve1", vm_id: 201, ssh_keys: [key] },
      ...{
        install_promtail: true,
        loki_url: "http://loki:3100",
        log_system_source: "files",
        docker: true,
      },
      ...{ promtail_image: images.promtail?.image, docker_proxy_image: images["docker-proxy"]?.image },
    });
    const folder = stack.desk.path("log-agent");
    await placeGuestFiles(files, "/opt/log-agent", folder);
    // Here, both machines are one: the guest's agent leaves the port to the stack's, and is in the network of Loki,
    // because Docker lets no container through to a port that another network publishes.
    const other = stack.desk.write(
      "log-agent/one-machine.yml",
      "services: { promtail: { ports: !override [], networks: [monitoring] } }\nnetworks: { monitoring: { external: true } }\n",
    );
    const compose = [
      "compose",
      "--project-directory",
      folder,
      "--file",
      join(folder, "compose.yml"),
      "--file",
      other,
    ];
    appendFileSync("/var/log/syslog", "2026-01-02T03:04:05+00:00 web-001 app[1]: started\n");
    await docker(...compose, "up", "--detach");
    try {
      await findLine('{hostname="web-001", job="system"} |= "started"');
      appendFileSync(
        "/var/log/syslog",
        "2026-01-02T03:04:06+00:00 web-001 app[1]: ERROR disk is gone 4712\n",
      );
      const { labels, after } = await findLine('{hostname="web-001", level="error"} |= "disk is gone 4712"');
      expect(labels).toMatchObject({ environment: "prod", job: "system", level: "error" });
      expect(after).toBeLessThan(soon);
      expect(await queryLoki('{job="system", hostname!="web-001"} |= "disk is gone 4712"')).toEqual([]);
    } finally {
      await docker(...compose, "down", "--volumes");
    }
  });

  test("refuses to delete", async () => {
    const all = '{service="prometheus"}';
    await findLine(`${all} |= ""`);
    const query = encodeURIComponent(all);
    const refused = await ask(`/loki/api/v1/delete?query=${query}&start=0`, { port: 3100, method: "POST" });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(await queryLoki(all)).not.toEqual([]);
  });
});

describe("Prometheus", () => {
  const targets = z.object({
    data: z.object({
      activeTargets: z.array(z.object({ scrapePool: z.string(), health: z.string(), lastError: z.string() })),
    }),
  });

  test("has every target up", async () => {
    await expect
      .poll(
        async () => {
          const { data } = targets.parse(await askJson("/api/v1/targets", { port: 9090 }));
          return data.activeTargets.filter(({ health }) => health !== "up");
        },
        { timeout: 120_000, interval: 500 },
      )
      .toEqual([]);
    const { data } = targets.parse(await askJson("/api/v1/targets", { port: 9090 }));
    expect(new Set(data.activeTargets.map(({ scrapePool }) => scrapePool))).toEqual(
      new Set([
        "node",
        "pve",
        "pve-exporter",
        "prometheus",
        "alertmanager",
        "grafana",
        "loki",
        "promtail",
        "traefik",
      ]),
    );
  });
});

describe("what is asked of Prometheus and Loki", () => {
  const rules = z.object({
    data: z.object({
      groups: z.array(
        z.object({
          rules: z.array(
            z.object({ name: z.string(), health: z.string(), lastError: z.string().default("") }),
          ),
        }),
      ),
    }),
  });

  test("by the alert rules, is evaluated without an error", async () => {
    const all = async () =>
      rules.parse(await askJson("/api/v1/rules", { port: 9090 })).data.groups.flatMap((group) => group.rules);
    await expect
      .poll(async () => (await all()).filter(({ health }) => health !== "ok"), {
        timeout: 180_000,
        interval: 1000,
      })
      .toEqual([]);
    expect((await all()).length).toBeGreaterThan(20);
  }, 200_000);

  test("by the dashboards, is taken, and those of what runs here show something", async () => {
    await findLine('{job="docker"} |= ""');
    const answered = await askDashboards(stack);
    expect(answered.filter(({ result }) => typeof result === "string")).toEqual([]);
    const shown = new Set(answered.flatMap(({ dashboard, result }) => (result === 0 ? [] : [dashboard])));
    for (const dashboard of ["overview", "nodes", "proxmox", "logs-overview"]) {
      expect([...shown].join(" ")).toContain(dashboard);
    }
  });
});

describe("Alertmanager", () => {
  test("sends an alert to Telegram", async () => {
    const labels = { alertname: "Planted", severity: "critical", instance: "web-001", environment: "prod" };
    const alert = [{ labels, annotations: { summary: "the disk of web-001 <is> gone" } }];
    const body = JSON.stringify(alert);
    expect((await ask("/api/v2/alerts", { port: 9093, method: "POST", body })).status).toBe(200);
    await expect
      .poll(() => telegram.messages, { timeout: 90_000, interval: 200 })
      .toContainEqual({
        chat_id: "-4712",
        text: expect.stringMatching(/Planted[\s\S]*the disk of web-001 &lt;is&gt; gone/),
      });
  });
});

describe("secrets", () => {
  test("are files that one service reads, and in nothing that others see", async () => {
    const folder = join(stack.folder, "secrets");
    const token = z.object({ default: z.object({ token_value: z.string() }) });
    const secrets = [
      stack.read("secrets/grafana-admin-password").trim(),
      token.parse(JSON.parse(stack.read("secrets/pve-exporter.yml"))).default.token_value,
      telegram.token,
    ];
    expect(secrets.every((secret) => secret.length >= 16)).toBe(true);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(["grafana-admin-password", "pve-exporter.yml"]),
    );
    const ids = (await docker("ps", "--all", "--quiet")).trim().split("\n");
    const seen = {
      "docker inspect": await docker("inspect", ...ids),
      "command lines and environments": processes(),
      logs: (await Promise.all(ids.map((id) => docker("logs", id)))).join("\n"),
      "rendered files": stack
        .record()
        .files.map((path) => stack.read(path))
        .join("\n"),
    };
    for (const [where, text] of Object.entries(seen)) {
      expect(text.length, where).toBeGreaterThan(1000);
      for (const secret of secrets) expect(text.includes(secret), where).toBe(false);
    }
  });

  function processes(): string {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return pids
      .flatMap((pid) => ["cmdline", "environ"].map((file) => readFile(`/proc/${pid}/${file}`)))
      .join("\n");
  }

  function readFile(path: string): string {
    try {
      return readFileSync(path, "utf8");
    } catch {
      // It has ended.
      return "";
    }
  }
});

describe("Uptime Kuma", () => {
  const minute = { timeout: 60_000, interval: 200 };

  test("has a monitor for each service; one that stops turns red within a minute, and green again", async () => {
    const sync = () => stack.run("stack", "sync", "--lab", "--folder", stack.folder);
    const first = await sync();
    expect(first.exitCode, first.stderr).toBe(0);
    expect((await sync()).stdout).toMatch(/^0 created, 0 changed, 0 removed, [1-9]\d* unchanged$/m);
    const kuma = await watchKuma("http://127.0.0.1:3001", "admin", stack.read("uptime-kuma-password"));
    const stateOf = (service: string) => kuma.states()[`${service} (monitoring)`];
    try {
      const services = Object.entries(stack.record().services).filter(([, { monitor }]) => monitor);
      expect(services.length).toBeGreaterThan(5);
      for (const [service] of services) await expect.poll(() => stateOf(service), minute).toBe("up");
      await docker("compose", "--project-directory", stack.folder, "stop", "alertmanager");
      try {
        await expect.poll(() => stateOf("alertmanager"), minute).toBe("down");
        expect(stateOf("prometheus")).toBe("up");
      } finally {
        await docker("compose", "--project-directory", stack.folder, "start", "alertmanager");
      }
      await expect.poll(() => stateOf("alertmanager"), minute).toBe("up");
    } finally {
      kuma.close();
    }
  });
});
