#!/bin/sh
# Flags alone, or a command of Traefik's, are for Traefik; anything else is run as it is.
set -e
case "$1" in
  -*) set -- traefik "$@" ;;
  *) if traefik "$1" --help >/dev/null 2>&1; then set -- traefik "$@"; fi ;;
esac
exec "$@"
