"""One line of JSON in, one out; runs for as long as the gateway does."""
import json
import sys

for line in sys.stdin:
    request = json.loads(line)
    verdict = "high" if request["event"]["temperature"] > 30 else "fine"
    print(json.dumps({"id": request["id"], "result": {"verdict": verdict}}), flush=True)
