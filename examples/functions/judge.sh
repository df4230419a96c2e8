#!/bin/sh
# One line of JSON in, one out. The id always comes first; a flat event needs no more than sed.
while IFS= read -r line; do
    id=$(printf '%s' "$line" | sed -n 's/^{"id":\([0-9]*\),.*/\1/p')
    whole=$(printf '%s' "$line" | sed -n 's/.*"temperature":\(-\{0,1\}[0-9]*\).*/\1/p')
    if [ -z "$whole" ]; then
        printf '{"id":%s,"error":{"type":"BadEvent","message":"there is no temperature"}}\n' "$id"
    elif [ "$whole" -gt 30 ]; then
        printf '{"id":%s,"result":{"verdict":"high"}}\n' "$id"
    else
        printf '{"id":%s,"result":{"verdict":"fine"}}\n' "$id"
    fi
done
