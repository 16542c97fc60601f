import { expect, test } from "vitest";
import { toolEnvironment } from "./tool-environment.ts";

test("nothing of the developer's reaches the tool", () => {
  const theirs = {
    PATH: "/bin",
    HOME: "/home/me",
    TF_CLI_CONFIG_FILE: "/home/me/.terraformrc",
    TF_VAR_password: "x",
    PROXMOX_VE_API_TOKEN: "x",
    AWS_PROFILE: "me",
    SSH_AUTH_SOCK: "/run/agent",
  };
  expect(toolEnvironment("/cache/terraform.tfrc", "/tmp/home", theirs)).toEqual({
    PATH: "/bin",
    HOME: "/tmp/home",
    TF_CLI_CONFIG_FILE: "/cache/terraform.tfrc",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
  });
});
