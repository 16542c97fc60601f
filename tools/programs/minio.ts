import type { GoProgram } from "./program.ts";

// The maker's downloads and images are gone since September 2026; the module of the last commit is not.
export const minio = {
  name: "minio",
  title: "MinIO",
  version: "2026-02-12",
  module: "github.com/minio/minio",
  moduleVersion: "v0.0.0-20260212201848-7aac2a2c5b7c",
  package: "github.com/minio/minio",
  sum: "h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=",
  goModSum: "h1:yCWDkwWO9IWpGsT4mreDDN/B/QVmK2zC666uInRAcqE=",
  go: "1.24.0",
  // As its own build script writes them; without a release, that is DEVELOPMENT.
  ldflags:
    "-X github.com/minio/minio/cmd.Version=2026-02-12T20:18:48Z -X github.com/minio/minio/cmd.ReleaseTag=DEVELOPMENT.2026-02-12T20-18-48Z",
  seconds: 160,
} satisfies GoProgram;
