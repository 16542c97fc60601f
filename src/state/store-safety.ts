import { Problem } from "../model/problem.ts";
import { testLock } from "./lock-test.ts";
import type { Subject } from "./situation.ts";

/** Problem `lock-…` of kind `configuration`: a store that does not exclude gets no state. */
export async function refuseUnlocking({ bucket, store }: Subject): Promise<void> {
  const { failure } = await testLock(bucket, store.prefix);
  if (failure === undefined) return;
  throw new Problem({
    kind: "configuration",
    code: failure.code,
    message: `the store at ${store.connection.endpoint} does not lock: ${failure.message}`,
    hint: "keep the state in its file; two people who apply at once would destroy it there. More: pve-home state lock-test",
  });
}

/** Problem `state-bucket-unversioned` of kind `configuration`. */
export async function refuseUnversioned(bucket: Subject["bucket"]): Promise<void> {
  const versioning = await bucket.versioning();
  if (versioning === "enabled") return;
  throw new Problem({
    kind: "configuration",
    code: "state-bucket-unversioned",
    message: `versioning of the bucket ${bucket.name} is ${versioning}: a state that is written over would be gone`,
    place: bucket.endpoint,
    hint: `with MinIO's client: mc version enable ALIAS/${bucket.name}`,
  });
}
