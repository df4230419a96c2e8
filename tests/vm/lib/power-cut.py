"""The writer and the checker of the power-cut test, as an MQTT client of the gateway on this machine.

write      counts on: odd numbers become retained messages pc/N at QoS 1, even ones the reported n of the shadow "counter";
           prints "ack N" when PUBACK or "accepted" came
check N    every odd number up to N is a retained message with its own number inside, and the shadow's n is at least the last even one
"""
import json
import queue
import sys

import paho.mqtt.client as mqtt

LIMIT = 60  # seconds for any one answer


def connect(*filters):
    inbox = queue.Queue()
    client = mqtt.Client(client_id="", protocol=mqtt.MQTTv311)
    client.on_message = lambda _client, _user, message: inbox.put(message)
    subscribed = queue.Queue()
    client.on_subscribe = lambda *_: subscribed.put(True)
    client.connect("127.0.0.1", 1883)
    client.loop_start()
    client.subscribe([(f, 1) for f in filters])
    subscribed.get(timeout=LIMIT)
    return client, inbox


def kept(inbox):
    """Retained messages arrive at once after the subscription; a second without any is the end."""
    found = {}
    while True:
        try:
            message = inbox.get(timeout=3)
        except queue.Empty:
            return found
        found[int(message.topic.split("/")[1])] = message.payload.decode()


def shadow():
    client, inbox = connect("$aws/things/counter/shadow/get/+")
    client.publish("$aws/things/counter/shadow/get", "{}", qos=1)
    answer = inbox.get(timeout=LIMIT)
    client.disconnect()
    return json.loads(answer.payload)["state"]["reported"]["n"] if answer.topic.endswith("accepted") else 0


def write():
    client, inbox = connect("pc/+")
    number = max([0, shadow(), *kept(inbox)])
    client.unsubscribe("pc/+")
    client, inbox = connect("$aws/things/counter/shadow/update/accepted", "$aws/things/counter/shadow/update/rejected")
    while True:
        number += 1
        if number % 2:
            client.publish(f"pc/{number}", f"record {number}", qos=1, retain=True).wait_for_publish(LIMIT)
        else:
            client.publish("$aws/things/counter/shadow/update", json.dumps({"state": {"reported": {"n": number}}}), qos=1)
            answer = inbox.get(timeout=LIMIT)
            if not answer.topic.endswith("accepted"):
                sys.exit(f"update {number} was rejected: {answer.payload}")
        print("ack", number, flush=True)


def check(last):
    _, inbox = connect("pc/+")
    messages, n = kept(inbox), shadow()
    missing = [i for i in range(1, last + 1, 2) if messages.get(i) != f"record {i}"]
    print(f"acknowledged {last}; retained up to {max(messages, default=0)}, shadow at {n}")
    if missing or n < last - last % 2:
        sys.exit(f"lost: retained {missing}, shadow {n}")


write() if sys.argv[1] == "write" else check(int(sys.argv[2]))
