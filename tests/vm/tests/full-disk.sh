#!/bin/bash
# A disk without room: the start says so and goes on trying; room made, it comes up.
. /mnt/share/lib.sh
mkdir -p $data; mount -t tmpfs -o size=12m tmpfs $data
dpkg -i /mnt/share/edgegateway.deb >/tmp/out 2>&1
within 60 "the journal says that the disk is full" eval 'journal | grep -q "the disk of the data folder /var/lib/edgegateway is full"'
contains "and what to do" 'make room|name another folder' "$(journal)"
edgegateway status >/tmp/out 2>&1; same "status: not running" 2 $?
mount -o remount,size=200m $data
within 60 "with room it comes up by itself" ready

echo "-- a data folder that cannot be written"
systemctl stop edgegateway
mount -o remount,ro $data
systemctl start edgegateway --no-block
within 60 "the journal says so" eval 'journal | grep -q "the data folder /var/lib/edgegateway cannot be written"'
mount -o remount,rw $data
within 60 "mended, it comes up by itself" ready

echo "-- a port in use"
systemctl stop edgegateway
python3 -c 'import socket, time; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", 1883)); s.listen(); time.sleep(600)' & holder=$!
within 30 "the port is taken" eval 'ss -ltn | grep -q 127.0.0.1:1883'
systemctl start edgegateway --no-block
within 60 "the journal names the port" eval 'journal | grep -q "port 1883 of listeners.mqtt is in use"'
kill $holder
within 60 "the port free, it comes up by itself" ready
finish
