#!/bin/sh
# A MariaDB of its own in the folder of the data, whatever database the environment asks for.
set -e
unset UPTIME_KUMA_DB_TYPE
data=/app/data/mariadb
run=/tmp/mariadb
mkdir -p "$run"
# Only root says as whom it is to run, itself.
as=$([ "$(id -u)" = 0 ] && echo root || true)
if [ ! -d "$data" ]; then
  mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db \
    --datadir="$data" ${as:+--user="$as"} >/dev/null
fi
mariadbd --no-defaults --datadir="$data" --socket="$run/socket" --pid-file="$run/pid" --tmpdir="$run" \
  --bind-address=127.0.0.1 --innodb-buffer-pool-size=32M --performance-schema=OFF ${as:+--user="$as"} &
until mariadb-admin --no-defaults --socket="$run/socket" --user=root ping >/dev/null 2>&1; do sleep 0.2; done
cat >/app/data/db-config.json <<JSON
{"type":"mariadb","hostname":"127.0.0.1","port":3306,"dbName":"kuma","username":"root","password":""}
JSON
exec "$@"
