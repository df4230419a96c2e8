#!/bin/bash
# A machine without a clock chip: the clock at 1970, 400 days ahead, and stepping while the gateway runs. TLS reads the real clock.
. /mnt/share/lib.sh
timedatectl set-ntp false 2>/dev/null
install_gateway <<<'listeners: { mqtt: { anonymous: true } }'
within 60 "it runs" ready
true_time=$(date +%s)
edgegateway device add kitchen --out /tmp/kitchen >/dev/null; same "device add" 0 $?
send() { mosquitto_pub -h localhost -p 8883 --cafile /tmp/kitchen/ca.pem --cert /tmp/kitchen/device.pem --key /tmp/kitchen/device.key -i kitchen -q 1 -t devices/kitchen/data -m "$1"; }
# A client that looks at no dates (X509_V_FLAG_NO_CHECK_TIME): what is judged here is the gateway.
cat >/tmp/raw.py <<'P'
import queue, ssl, sys
import paho.mqtt.client as mqtt
context = ssl.create_default_context(cafile="/tmp/kitchen/ca.pem")
context.verify_flags |= 0x200000
context.load_cert_chain("/tmp/kitchen/device.pem", "/tmp/kitchen/device.key")
client, answer = mqtt.Client(client_id="kitchen"), queue.Queue()
client.tls_set_context(context)
client.on_connect = lambda c, u, f, rc: answer.put(rc)
client.connect("localhost", 8883)
client.loop_start()
if answer.get(timeout=20) != 0:
    sys.exit("refused")
client.publish("devices/kitchen/data", "1", qos=1).wait_for_publish(20)
client.disconnect()
P
raw() { python3 /tmp/raw.py; }

holds "at the right time" send 1

echo "-- 400 days ahead, while it runs"
date -s "@$((true_time + 400 * 86400))" >/dev/null
within 30 "the device's certificate still holds" raw
holds "and devices added now" edgegateway device add hall --out /tmp/hall
contains "doctor says what it thinks of the clock" 'clock' "$(edgegateway doctor 2>&1)"

echo "-- back to 1970, while it runs"
date -s "@86400" >/dev/null
within 30 "the device's certificate holds" raw
holds "a message without TLS is taken" mosquitto_pub -q 1 -t x -m 1

echo "-- started in 1970"
systemctl restart edgegateway
within 60 "it starts" ready
within 30 "the device's certificate holds" raw
contains "doctor says that the clock cannot be right" 'cannot be right' "$(edgegateway doctor 2>&1)"

echo "-- set right"
date -s "@$((true_time + 300))" >/dev/null
within 30 "a client that looks at dates is let in" send 2
finish
