namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>What an engineer does with a fleet, from the first type to the last deletion, in the order AWS demands.</summary>
public sealed class FleetScenarioTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task TwoHundredThings_MadeConnectedAndDeleted() => gateway.PythonAsync(
        """
        import ssl, subprocess, tempfile, threading, paho.mqtt.client as mqtt
        folder = tempfile.mkdtemp()
        key = os.path.join(folder, "device.key")
        csr = os.path.join(folder, "device.csr")
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", csr, "-subj", "/CN=fleet"], check=True, capture_output=True)
        request = open(csr).read()

        iot.create_thing_type(thingTypeName="Sensor", thingTypeProperties={"searchableAttributes": ["line"]})
        iot.create_thing_group(thingGroupName="plant")
        for line in range(4):
            iot.create_thing_group(thingGroupName=f"line-{line}", parentGroupName="plant")
        iot.create_policy(policyName="fleet", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "iot:Connect", "Resource": "arn:aws:iot:edge:000000000000:client/${iot:Connection.Thing.ThingName}"},
            {"Effect": "Allow", "Action": ["iot:Publish", "iot:Receive"], "Resource": "arn:aws:iot:edge:000000000000:topic/fleet/${iot:Connection.Thing.ThingName}/*"},
            {"Effect": "Allow", "Action": "iot:Subscribe", "Resource": "arn:aws:iot:edge:000000000000:topicfilter/fleet/${iot:Connection.Thing.ThingName}/*"}]}))
        plant = iot.describe_thing_group(thingGroupName="plant")["thingGroupArn"]
        iot.attach_policy(policyName="fleet", target=plant)
        certificates = {}
        for i in range(200):
            name = f"sensor-{i:03}"
            iot.create_thing(thingName=name, thingTypeName="Sensor", attributePayload={"attributes": {"line": str(i % 4)}})
            iot.add_thing_to_thing_group(thingGroupName=f"line-{i % 4}", thingName=name)
            made = iot.create_certificate_from_csr(certificateSigningRequest=request, setAsActive=True)
            iot.attach_thing_principal(thingName=name, principal=made["certificateArn"])
            certificates[name] = made
        assert len({made["certificateId"] for made in certificates.values()}) == 200
        assert len(pages("list_things_in_thing_group", "things", thingGroupName="plant", recursive=True)) == 200
        assert len(pages("list_things", "things", attributeName="line", attributeValue="1")) == 50

        def client(name, certificate):
            file = os.path.join(folder, name + ".pem")
            open(file, "w").write(certificates[certificate]["certificatePem"])
            made = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name) if hasattr(mqtt, "CallbackAPIVersion") else mqtt.Client(client_id=name)
            made.tls_set(ca_certs=os.environ["CA_FILE"], certfile=file, keyfile=key)
            return made
        heard = {}
        done = threading.Event()
        devices = sorted(certificates)[::10]
        clients = []
        for name in devices:
            device = client(name, name)
            def connected(device, userdata, flags, code, *rest, name=name):
                device.subscribe(f"fleet/{name}/echo", qos=1)
            def subscribed(device, *rest, name=name):
                device.publish(f"fleet/{name}/echo", name, qos=1)
            def message(device, userdata, message):
                heard[message.topic] = message.payload.decode()
                if len(heard) == len(devices):
                    done.set()
            device.on_connect, device.on_subscribe, device.on_message = connected, subscribed, message
            device.connect("127.0.0.1", int(os.environ["MQTTS_PORT"]))
            device.loop_start()
            clients.append(device)
        assert done.wait(60), heard
        assert heard == {f"fleet/{name}/echo": name for name in devices}
        # Another device's name is not its own: the group's policy does not let it in.
        stranger = client("sensor-001", "sensor-002")
        told = threading.Event()
        codes = []
        stranger.on_connect = lambda *arguments: (codes.append(arguments[3]), told.set())
        stranger.on_disconnect = lambda *arguments: told.set()
        stranger.connect("127.0.0.1", int(os.environ["MQTTS_PORT"]))
        stranger.loop_start()
        assert told.wait(30) and all(code != 0 for code in codes), codes
        stranger.loop_stop()
        for device in clients:
            device.disconnect()
            device.loop_stop()

        iot.deprecate_thing_type(thingTypeName="Sensor")
        refused("InvalidRequestException", 400, iot.create_thing, thingName="late", thingTypeName="Sensor")
        refused("InvalidRequestException", 400, iot.delete_thing_type, thingTypeName="Sensor")
        refused("InvalidRequestException", 400, iot.delete_thing, thingName="sensor-000")
        refused("InvalidRequestException", 400, iot.delete_thing_group, thingGroupName="plant")
        refused("DeleteConflictException", 409, iot.delete_policy, policyName="fleet")
        for name, made in certificates.items():
            iot.update_certificate(certificateId=made["certificateId"], newStatus="INACTIVE")
            iot.detach_thing_principal(thingName=name, principal=made["certificateArn"])
            iot.delete_certificate(certificateId=made["certificateId"])
            iot.delete_thing(thingName=name)
        iot.detach_policy(policyName="fleet", target=plant)
        iot.delete_policy(policyName="fleet")
        for name in [f"line-{line}" for line in range(4)] + ["plant"]:
            iot.delete_thing_group(thingGroupName=name)
        iot.delete_thing_type(thingTypeName="Sensor")
        assert not [thing for thing in pages("list_things", "things") if thing["thingName"].startswith("sensor-")]
        """);
}
