#!/bin/bash
# Retained messages and shadow updates in turn; "ack N" once the gateway has acknowledged number N.
# vm: --rounds 2 --acks 30 --time 600
. /mnt/share/lib.sh >&2
[ -x /usr/bin/edgegateway ] || { install_gateway >/dev/null 2>&1 <<'YAML'
listeners: { mqtt: { anonymous: true } }
upstream: [ { name: gone, endpoint: "mqtt://127.0.0.1:9", up: [ { filter: "pc/#" } ] } ]
YAML
sync; }
until ready; do sleep 0.2; done
exec python3 /mnt/share/power-cut.py write
