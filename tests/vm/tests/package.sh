#!/bin/bash
# The life of the package: install, use, kill, hang, upgrade, remove, purge.
. /mnt/share/lib.sh

out=$(install_gateway 2>&1 <<<'listeners: { mqtt: { anonymous: true } }'); echo "$out"
contains "the installer shows how it fares" 'edgegateway [0-9]+\.[0-9]' "$out"
same "it is active" active "$(systemctl is-active edgegateway)"
same "it starts at boot" enabled "$(systemctl is-enabled edgegateway)"
holds "endpoints.json is there" test -s $data/endpoints.json
edgegateway status; same "status: healthy" 0 $?
same "data folder" "edgegateway:edgegateway 750" "$(stat -c '%U:%G %a' $data)"
same "control socket" "edgegateway:edgegateway 660" "$(stat -c '%U:%G %a' /run/edgegateway/control.sock)"
contains "groups of the service" 'gpio.*' "$(id -nG edgegateway | tr ' ' '\n' | sort | xargs)"
for group in gpio i2c spi dialout; do holds "in group $group" grep -qE "^$group:.*\bedgegateway\b" /etc/group; done
same "it runs as" edgegateway "$(ps -o user= -p "$(main_pid)")"
systemd-analyze security edgegateway --no-pager | tail -1
echo "  memory: $(($(awk '/VmRSS/{print $2}' /proc/$(main_pid)/status) / 1024)) MB resident"

setpriv --reuid nobody --regid nogroup --clear-groups edgegateway status >/tmp/out 2>&1; same "a stranger's status is refused" 2 $?
contains "and told how to be let in" 'usermod -aG edgegateway' "$(cat /tmp/out)"

holds "publish, retained" mosquitto_pub -q 1 -r -t kept/note -m one
same "subscribe" one "$(mosquitto_sub -t kept/note -C 1 -W 30)"
same "console" 200 "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/console/)"
same "console over TLS" 200 "$(curl -ks -o /dev/null -w '%{http_code}' https://127.0.0.1:8443/console/)"

echo "-- device add"
holds "device add" edgegateway device add kitchen --out /tmp/kitchen
holds "the device publishes over TLS" mosquitto_pub -h localhost -p 8883 --cafile /tmp/kitchen/ca.pem --cert /tmp/kitchen/device.pem --key /tmp/kitchen/device.key -i kitchen -q 1 -t devices/kitchen/data -m 1
mosquitto_pub -h localhost -p 8883 --cafile /tmp/kitchen/ca.pem -i kitchen -q 1 -t devices/kitchen/data -m 1 >/tmp/out 2>&1; [ $? != 0 ]; same "without its certificate it is refused" 0 $?

echo "-- kill -9"
before=$(main_pid); kill -9 "$before"
within 60 "systemd starts it again" eval '[ "$(main_pid)" != '"$before"' ] && [ "$(main_pid)" != 0 ] && ready'
same "state is there" one "$(mosquitto_sub -t kept/note -C 1 -W 30)"

echo "-- hang"
before=$(main_pid); kill -STOP "$before"
within 120 "the watchdog finds it" eval 'journal | grep -qi "watchdog timeout"'
within 120 "and starts it again" eval '[ "$(main_pid)" != '"$before"' ] && [ "$(main_pid)" != 0 ] && ready'

echo "-- upgrade"
echo '# mine' >>/etc/edgegateway/edgegateway.yaml
holds "upgrade" dpkg -i --force-confold /mnt/share/edgegateway-next.deb
contains "the new version is there" '\+next' "$(dpkg-query -W -f '${Version}' edgegateway)"
within 60 "it runs" ready
holds "the configuration is untouched" grep -q '^# mine' /etc/edgegateway/edgegateway.yaml
same "state is there" one "$(mosquitto_sub -t kept/note -C 1 -W 30)"
holds "the device's certificate holds" mosquitto_pub -h localhost -p 8883 --cafile /tmp/kitchen/ca.pem --cert /tmp/kitchen/device.pem --key /tmp/kitchen/device.key -i kitchen -q 1 -t devices/kitchen/data -m 2

echo "-- a wrong configuration"
echo 'listeners: { mqtt: { prot: 1883 } }' >/etc/edgegateway/conf.d/zz.yaml
edgegateway config check >/tmp/out 2>&1; same "config check: refused" 1 $?
contains "file, line and key" '/etc/edgegateway/conf.d/zz.yaml:1.*listeners.mqtt.prot' "$(cat /tmp/out)"
systemctl restart edgegateway 2>/dev/null; [ $? != 0 ]; same "it does not start" 0 $?
contains "the journal says why" 'zz.yaml:1.*listeners.mqtt.prot' "$(journal)"
rm /etc/edgegateway/conf.d/zz.yaml
within 60 "mended, it comes up by itself" ready

echo "-- remove, install, purge"
holds "remove" dpkg -r edgegateway
same "it is stopped" inactive "$(systemctl is-active edgegateway)"
holds "state is kept" test -s $data/gateway.db
holds "install again" dpkg -i /mnt/share/edgegateway.deb
within 60 "it runs" ready
same "state is there" one "$(mosquitto_sub -t kept/note -C 1 -W 30)"
rm /etc/edgegateway/conf.d/test.yaml
holds "purge" dpkg -P edgegateway
same "no state is left" gone "$([ -e $data ] && ls -a $data || echo gone)"
same "no configuration is left" gone "$([ -e /etc/edgegateway ] && find /etc/edgegateway || echo gone)"
same "no program is left" gone "$([ -e /usr/lib/edgegateway ] && find /usr/lib/edgegateway || echo gone)"
finish
