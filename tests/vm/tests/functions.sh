#!/bin/bash
# Functions of rules in control groups of their own: memory with all children, number of processes, processor time.
. /mnt/share/lib.sh
mkdir -p /usr/local/lib/functions
cat >/usr/local/lib/functions/eat.py <<'P'
import json, os, sys, time
for line in sys.stdin:
    request = json.loads(line)
    for _ in range(request["event"]["children"]):
        if os.fork() == 0:
            held = bytearray(20 << 20)          # each is within what one process may have
            for at in range(0, len(held), 4096):
                held[at] = 1
            time.sleep(600)
    time.sleep(1)
    print(json.dumps({"id": request["id"], "result": "full"}), flush=True)
P
cat >/usr/local/lib/functions/fork.py <<'P'
import json, os, sys, time
for line in sys.stdin:
    request = json.loads(line)
    made = 0
    try:
        while made < 100:
            if os.fork() == 0:
                time.sleep(600)
            made += 1
    except BlockingIOError:
        pass
    print(json.dumps({"id": request["id"], "result": made}), flush=True)
P
cat >/usr/local/lib/functions/burn.py <<'P'
import json, sys, time
for line in sys.stdin:
    request = json.loads(line)
    wall, cpu = time.monotonic(), time.process_time()
    while time.monotonic() - wall < 3:
        pass
    print(json.dumps({"id": request["id"], "result": int(1000 * (time.process_time() - cpu))}), flush=True)
P
install_gateway <<'Y'
rules:
  functions:
    eat: { command: [python3, -u, /usr/local/lib/functions/eat.py], memory: 64MB, timeout: 30s }
    fork: { command: [python3, -u, /usr/local/lib/functions/fork.py], processes: 16, timeout: 30s }
    burn: { command: [python3, -u, /usr/local/lib/functions/burn.py], cpu: 20, timeout: 30s }
Y
within 60 "it is up" ready
pid=$(main_pid)
group=/sys/fs/cgroup/system.slice/edgegateway.service

echo "-- processes"
made=$(edgegateway function invoke fork '{}')
holds "a function forks no more than its group may have ($made)" test "$made" -lt 16
same "its group" "16" "$(cat $group/function-fork/pids.max)"
same "the gateway is in a group beside" "0::/system.slice/edgegateway.service/gateway" "$(grep ^0:: /proc/$pid/cgroup)"

echo "-- processor time"
spent=$(edgegateway function invoke burn '{}')
holds "of 3 s it has a fifth, more or less ($spent ms)" test "$spent" -lt 1000

echo "-- memory"
edgegateway function invoke eat '{"children":8}' >/tmp/out 2>&1
holds "its children together are ended by the kernel" eval 'awk "/^oom_kill /{exit !(\$2 > 0)}" $group/function-eat/memory.events'
same "the gateway goes on" "$pid" "$(main_pid)"
edgegateway status >/tmp/out 2>&1; same "status: healthy" 0 $?
finish
