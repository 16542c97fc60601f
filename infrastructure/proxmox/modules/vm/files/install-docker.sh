#!/bin/sh
# Docker from its maker's repository, for Debian and Ubuntu. Does nothing where
# Docker is installed already.
set -eu
command -v docker >/dev/null && exit 0
. /etc/os-release
install -d -m 0755 /etc/apt/keyrings
curl -fsSL --retry 5 -o /etc/apt/keyrings/docker.asc "https://download.docker.com/linux/$ID/gpg"
cat >/etc/apt/sources.list.d/docker.sources <<SOURCES
Types: deb
URIs: https://download.docker.com/linux/$ID
Suites: $VERSION_CODENAME
Components: stable
Signed-By: /etc/apt/keyrings/docker.asc
SOURCES
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y docker-ce docker-ce-cli containerd.io docker-compose-plugin
