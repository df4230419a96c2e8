#!/bin/bash
# Wired chips through the installed, sandboxed service: a sensor's telemetry, a relay switched by its shadow, what a scan finds.
. /mnt/share/lib.sh
sim up; sim bme280; sim ds18b20 28-0316a2796cff 23562
install_gateway >/tmp/out 2>&1 <<'Y'
listeners: { mqtt: { anonymous: true } }
sensors:
  - { name: room, driver: bme280, bus: i2c-1, address: 0x76, interval: 1s, report: 1s }
  - { name: tank, driver: ds18b20, interval: 2s, report: 2s }
outputs:
  - { name: fan, driver: relay, pin: 27 }
Y
within 60 "it runs" ready
contains "I2C: the BME280's temperature" '"temperature":25\.' "$(mosquitto_sub -t sensors/room/telemetry -C 1 -W 60)"
contains "1-Wire: the DS18B20's" '"temperature":23\.5' "$(mosquitto_sub -t sensors/tank/telemetry -C 1 -W 60)"
same "GPIO: the relay is off" 0 "$(sim level 27)"
holds "it is told to switch on" mosquitto_pub -q 1 -t '$aws/things/fan/shadow/update' -m '{"state":{"desired":{"state":"on"}}}'
within 30 "GPIO: the relay is on" eval '[ "$(sim level 27)" = 1 ]'
contains "its shadow says so" '"reported":\{[^}]*"state":"on"' "$(edgegateway shadow get fan --json | tr -d ' \n')"
contains "a scan leaves the configured chip alone and says so" '0x76 +BME280 .configured' "$(edgegateway sensors scan 2>&1)"
edgegateway doctor >/tmp/out; contains "doctor sees the buses" 'I2C +ok +i2c-1' "$(cat /tmp/out)"
finish
