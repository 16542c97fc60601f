import type { TerraformRun } from "./types.ts";

/** `1.11.4`. Problem `terraform-missing`, or `terraform-too-old` below 1.10. */
export declare function toolVersion(run: TerraformRun): Promise<string>;
