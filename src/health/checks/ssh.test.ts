import { expect, test } from "vitest";
import { fakeClock } from "../../connect/clock.test-helper.ts";
import { contextOf, fakeSsh, guestComponent, problem } from "../health.test-helper.ts";
import { sessionFor } from "../session.ts";
import { ssh } from "./ssh.ts";

const component = guestComponent({ ssh_port: 2222 });

function run(client: ReturnType<typeof fakeSsh>, guest = component) {
  return ssh.run(guest, contextOf({ clock: fakeClock(), ssh: sessionFor(guest, client) }));
}

test("logs in at the declared place and runs one command", async () => {
  const client = fakeSsh(() => ({ exitCode: 0, output: "" }));
  expect(await run(client)).toEqual({ status: "ok", detail: "login works" });
  expect(client.asked).toEqual(["debian@10.0.0.101:2222 true"]);
});

test("a connection that was refused once is tried again", async () => {
  let attempts = 0;
  const client = fakeSsh(() => {
    attempts += 1;
    if (attempts === 1) throw problem("ssh-refused");
    return { exitCode: 0, output: "" };
  });
  expect((await run(client)).status).toBe("ok");
});

test.each(["ssh-host-key-changed", "ssh-host-key-unknown", "ssh-denied"])(
  "%s is not tried again",
  async (code) => {
    const client = fakeSsh(() => {
      throw problem(code);
    });
    await expect(run(client)).rejects.toMatchObject({ code });
    expect(client.asked).toHaveLength(1);
  },
);

test("without an address nothing is opened", async () => {
  const client = fakeSsh(() => ({ exitCode: 0, output: "" }));
  await expect(run(client, guestComponent({ address: null }))).rejects.toMatchObject({
    code: "address-unknown",
  });
  expect(client.asked).toEqual([]);
});
