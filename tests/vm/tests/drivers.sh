#!/bin/bash
# Our own drivers against the guest's real kernel drivers: GPIO, I2C, SPI and 1-Wire.
# './test vm drivers' publishes tests/vm/drivers into the share before. Exit code 0 where every check is "ok".
set -eu
sim up
sim bme280
sim ds18b20 28-0316a2796cff 23562
sim ds18b20 28-0316a279aaaa -10125
cp -r drivers /opt/drivers-check
chmod +x /opt/drivers-check/drivers-check
exec /opt/drivers-check/drivers-check
