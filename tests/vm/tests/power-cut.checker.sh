#!/bin/bash
# Everything up to the last acknowledged number is there.
. /mnt/share/lib.sh
within 120 "the gateway comes up" ready
same "no damaged file was kept aside" 0 "$(ls $data | grep -c corrupt)"
holds "all that was acknowledged is there" python3 /mnt/share/power-cut.py check "${!#}"
cat /tmp/holds
# Every retained message also waits for an upstream that is not there.
waiting=$(edgegateway upstream list --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["backlogMessages"])')
holds "all that was acknowledged waits for the upstream ($waiting)" test "$waiting" -ge $(((${!#} + 1) / 2))
finish
