namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Streams of files over MQTT, commands to devices, software packages, with real clients.</summary>
public sealed class TierBTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    private const string Device =
        """
        import paho.mqtt.client as mqtt, base64, queue, tempfile
        def device(name, client_id=None):
            made = iot.create_keys_and_certificate(setAsActive=True)
            iot.create_policy(policyName=f"all-{name}", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:*", "Resource": "*"}]}))
            iot.attach_policy(policyName=f"all-{name}", target=made["certificateArn"])
            folder = tempfile.mkdtemp()
            for file, text in (("c.pem", made["certificatePem"]), ("k.pem", made["keyPair"]["PrivateKey"])):
                open(os.path.join(folder, file), "w").write(text)
            client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=client_id or name) if hasattr(mqtt, "CallbackAPIVersion") else mqtt.Client(client_id=client_id or name)
            client.tls_set(ca_certs=os.environ["CA_FILE"], certfile=os.path.join(folder, "c.pem"), keyfile=os.path.join(folder, "k.pem"))
            client.heard = queue.Queue()
            ready = queue.Queue()
            client.on_connect = lambda *arguments: ready.put(1)
            client.on_subscribe = lambda *arguments: ready.put(1)
            client.on_message = lambda client_, data_, message: client.heard.put((message.topic, message.payload))
            client.connect("127.0.0.1", int(os.environ["MQTTS_PORT"]))
            client.loop_start()
            ready.get(timeout=30)
            def listen(*filters):
                for filter in filters:
                    client.subscribe(filter, qos=1)
                    ready.get(timeout=30)
            client.listen = listen
            return client

        """;

    [Fact]
    public async Task Streams_GiveFilesByBlocks()
    {
        var objects = Path.Combine(gateway.Running.Folder, "objects", "firmware");
        Directory.CreateDirectory(objects);
        await File.WriteAllBytesAsync(Path.Combine(objects, "image.bin"), [.. Enumerable.Range(0, 10_000).Select(static n => (byte)(n * 7))]);
        await gateway.PythonAsync(Device +
            """
            iot.create_thing(thingName="st-0")
            role = "arn:aws:iam::000000000000:role/any"
            files = [{"fileId": 3, "s3Location": {"bucket": "firmware", "key": "image.bin"}}]
            made = iot.create_stream(streamId="st-stream", files=files, roleArn=role, description="d", tags=[{"Key": "k", "Value": "v"}])
            assert (made["streamArn"], made["streamVersion"]) == ("arn:aws:iot:edge:000000000000:stream/st-stream", 1), made
            refused("ResourceAlreadyExistsException", 409, iot.create_stream, streamId="st-stream", files=files, roleArn=role)
            refused("ResourceNotFoundException", 404, iot.create_stream, streamId="st-x", files=[{"fileId": 0, "s3Location": {"bucket": "firmware", "key": "none"}}], roleArn=role)
            refused("InvalidRequestException", 400, iot.create_stream, streamId="st-x", files=files + files, roleArn=role)
            assert iot.update_stream(streamId="st-stream", description="e")["streamVersion"] == 2
            info = iot.describe_stream(streamId="st-stream")["streamInfo"]
            assert (info["description"], info["files"], info["streamVersion"]) == ("e", files, 2), info
            assert [stream["streamId"] for stream in pages("list_streams", "streams")] == ["st-stream"]

            client = device("st-0")
            prefix = "$aws/things/st-0/streams/st-stream"
            client.listen(prefix + "/description/json", prefix + "/data/json", prefix + "/rejected/json", prefix + "/data/cbor", prefix + "/rejected/cbor")
            def ask(operation, **request):
                client.publish(f"{prefix}/{operation}/json", json.dumps(request), qos=1)
                topic, payload = client.heard.get(timeout=30)
                return topic.split("/")[-2], json.loads(payload)
            assert ask("describe", c="t") == ("description", {"c": "t", "s": 2, "d": "e", "r": [{"f": 3, "z": 10000}]})
            content = bytes(n * 7 % 256 for n in range(10000))
            got, block = {}, ask("get", c="t", s=2, f=3, l=4096)
            while True:
                assert block[0] == "data" and block[1]["c"] == "t" and block[1]["f"] == 3, block
                got[block[1]["i"]] = base64.b64decode(block[1]["p"])
                if len(got) == 3:
                    break
                topic, payload = client.heard.get(timeout=30)
                block = topic.split("/")[-2], json.loads(payload)
            assert b"".join(got[i] for i in range(3)) == content and len(got[2]) == 10000 - 8192
            block = ask("get", f=3, l=1024, o=1, b=base64.b64encode(bytes([0b00000100])).decode())           # the third from block 1 on
            assert block[1]["i"] == 3 and base64.b64decode(block[1]["p"]) == content[3072:4096], block
            assert ask("get", f=3, l=100)[1]["o"] == "InvalidRequest"
            assert ask("get", f=9, l=1024)[1]["o"] == "ResourceNotFound"
            assert ask("get", f=3, l=1024, s=1)[1]["o"] == "VersionMismatch"
            assert ask("get", f=3, l=1024, o=99)[1]["o"] == "BlockOutOfBounds"
            client.publish(prefix + "/get/json", "{", qos=1)
            assert json.loads(client.heard.get(timeout=30)[1])["o"] == "InvalidJson"
            client.publish(prefix + "/get/cbor", bytes.fromhex("a3616603616c19200061636174"), qos=1)         # {"f": 3, "l": 8192, "c": "t"}
            topic, payload = client.heard.get(timeout=30)
            assert topic.endswith("/data/cbor") and content[:8192] in payload, topic
            client.publish(prefix + "/get/cbor", b"\xff\xff", qos=1)
            topics = [client.heard.get(timeout=30)[0] for _ in range(2)]
            assert topics == [prefix + "/data/cbor", prefix + "/rejected/cbor"], topics
            client.disconnect()
            client.loop_stop()
            iot.delete_stream(streamId="st-stream")
            refused("ResourceNotFoundException", 404, iot.describe_stream, streamId="st-stream")
            """);
    }

    [Fact]
    public async Task Commands_AreTold_AnsweredAndTimeOut()
    {
        await gateway.AwsSdkAsync(
            """
            const content = Buffer.from(JSON.stringify({ do: "blink" }));
            const { commandArn } = await call("CreateCommand", { commandId: "co-blink", displayName: "Blink", payload: { content, contentType: "application/json" } });
            assert.strictEqual(commandArn, "arn:aws:iot:edge:000000000000:command/co-blink");
            await refused("ConflictException", 409, call("CreateCommand", { commandId: "co-blink", payload: { content } }));
            const command = await call("GetCommand", { commandId: "co-blink" });
            assert.deepStrictEqual([command.displayName, command.namespace, Buffer.from(command.payload.content).toString(), command.deprecated], ["Blink", "AWS-IoT", '{"do":"blink"}', false]);
            assert.strictEqual((await call("UpdateCommand", { commandId: "co-blink", description: "on and off" })).description, "on and off");
            assert.deepStrictEqual(names((await call("ListCommands", {})).commands, "commandId"), ["co-blink"]);
            await refused("ResourceNotFoundException", 404, call("GetCommand", { commandId: "none" }));
            """);
        await gateway.PythonAsync(Device +
            """
            import botocore.credentials
            from botocore.auth import SigV4Auth
            from botocore.awsrequest import AWSRequest
            import urllib.request, urllib.error, urllib.parse, time
            def raw(service, method, path, body=None, who=None):
                data = json.dumps(body).encode() if body is not None else None
                request = AWSRequest(method=method, url=endpoint.rstrip("/") + path, data=data, headers={"content-type": "application/json"})
                credentials = botocore.credentials.Credentials(*os.environ[who].split(" ")) if who else boto3.Session().get_credentials()
                SigV4Auth(credentials, service, "eu-central-1").add_auth(request)
                try:
                    with urllib.request.urlopen(urllib.request.Request(request.url, data=data, headers=dict(request.headers), method=method)) as answer:
                        return answer.status, json.loads(answer.read() or b"{}")
                except urllib.error.HTTPError as error:
                    return error.code, error.headers["x-amzn-ErrorType"]
            target, command = "arn:aws:iot:edge:000000000000:thing/co-0", "arn:aws:iot:edge:000000000000:command/co-blink"
            iot.create_thing(thingName="co-0")
            client = device("co-0")
            client.listen("$aws/commands/things/co-0/executions/+/request/json", "$aws/commands/things/co-0/executions/+/response/accepted/json", "$aws/commands/things/co-0/executions/+/response/rejected/json")
            def start(**more):
                return raw("iot-jobs-data", "POST", "/command-executions", {"targetArn": target, "commandArn": command, **more})
            status, started = start(clientToken="one", executionTimeoutSeconds=600)
            assert status == 200, (status, started)
            topic, payload = client.heard.get(timeout=30)
            id = started["executionId"]
            assert topic == f"$aws/commands/things/co-0/executions/{id}/request/json" and json.loads(payload) == {"do": "blink"}, (topic, payload)
            assert start(clientToken="one")[1]["executionId"] == id
            def respond(id, **body):
                client.publish(f"$aws/commands/things/co-0/executions/{id}/response/json", json.dumps(body), qos=1)
                topic, payload = client.heard.get(timeout=30)
                return topic.split("/")[-2], json.loads(payload)
            assert respond(id, status="IN_PROGRESS")[0] == "accepted"
            assert respond(id, status="DONE")[0] == "rejected"
            assert respond(id, status="SUCCEEDED", statusReason={"reasonCode": "OK", "reasonDescription": "fine"}, result={"lamp": {"s": "blinked"}, "count": {"b": True}})[0] == "accepted"
            word, body = respond(id, status="FAILED")
            assert (word, body["error"]) == ("rejected", "InvalidStateTransition"), body
            assert respond("00000000-0000-0000-0000-000000000000", status="FAILED")[1]["error"] == "ResourceNotFound"
            query = "?includeResult=true&targetArn=" + urllib.parse.quote(target, safe="")
            status, execution = raw("iot", "GET", f"/command-executions/{id}{query}")
            assert (execution["status"], execution["statusReason"]["reasonCode"], execution["result"]) == ("SUCCEEDED", "OK", {"lamp": {"S": "blinked"}, "count": {"B": True}}), execution

            silent = start(executionTimeoutSeconds=1)[1]["executionId"]
            client.heard.get(timeout=30)
            for _ in range(400):
                execution = raw("iot", "GET", f"/command-executions/{silent}{query}")[1]
                if execution["status"] == "TIMED_OUT":
                    break
                time.sleep(0.05)
            assert execution["statusReason"]["reasonCode"] == "$NO_RESPONSE_FROM_DEVICE", execution
            assert respond(silent, status="SUCCEEDED")[0] == "accepted"                                      # late, and true all the same
            status, listed = raw("iot", "POST", "/command-executions", {"targetArn": target})
            assert [item["executionId"] for item in listed["commandExecutions"]] == [id, silent], listed
            wanted = {"targetArn": target, "commandArn": command}
            assert raw("iot-jobs-data", "POST", "/command-executions", wanted, who="VIEWER") == (403, "AccessDeniedException")
            assert raw("iot-jobs-data", "POST", "/command-executions", wanted, who="OPERATOR")[0] == 200
            client.heard.get(timeout=30)
            import ssl
            def by_certificate(allowed):
                made = iot.create_keys_and_certificate(setAsActive=True)
                folder = tempfile.mkdtemp()
                for file, text in (("c.pem", made["certificatePem"]), ("k.pem", made["keyPair"]["PrivateKey"])):
                    open(os.path.join(folder, file), "w").write(text)
                if allowed:
                    iot.create_policy(policyName="co-start", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:StartCommandExecution", "Resource": [target, command]}]}))
                    iot.attach_policy(policyName="co-start", target=made["certificateArn"])
                context = ssl.create_default_context(cafile=os.environ["CA_FILE"])
                context.load_cert_chain(os.path.join(folder, "c.pem"), os.path.join(folder, "k.pem"))
                request = urllib.request.Request(os.environ["HTTPS_ENDPOINT"] + "/command-executions", data=json.dumps(wanted).encode(), headers={"content-type": "application/json"}, method="POST")
                try:
                    return urllib.request.urlopen(request, context=context).status
                except urllib.error.HTTPError as error:
                    return error.code
            assert by_certificate(False) == 403
            assert by_certificate(True) == 200
            client.heard.get(timeout=30)
            assert start(executionTimeoutSeconds=0) == (400, "InvalidRequestException")
            assert raw("iot-jobs-data", "POST", "/command-executions", {"targetArn": target.replace("co-0", "none"), "commandArn": command}) == (404, "ResourceNotFoundException")
            assert raw("iot-jobs-data", "POST", "/command-executions", {"targetArn": target, "commandArn": command.replace("co-blink", "none")}) == (404, "ResourceNotFoundException")
            pending = start(executionTimeoutSeconds=600)[1]["executionId"]
            assert raw("iot", "DELETE", f"/command-executions/{pending}?targetArn={urllib.parse.quote(target, safe='')}") == (409, "ConflictException")
            assert raw("iot", "DELETE", f"/command-executions/{id}?targetArn={urllib.parse.quote(target, safe='')}")[0] == 200
            assert raw("iot", "GET", f"/command-executions/{id}{query}") == (404, "ResourceNotFoundException")
            client.disconnect()
            client.loop_stop()
            """);
        await gateway.AwsSdkAsync("""assert.strictEqual((await call("DeleteCommand", { commandId: "co-blink" })).statusCode, 204);""");
    }

    [Fact]
    public Task Packages_GoFromDraftToDeprecated() => gateway.AwsSdkAsync(
        """
        const packageName = "pa-fw", versionName = "1.0.0";
        assert.strictEqual((await call("CreatePackage", { packageName, description: "firmware", tags: { k: "v" } })).packageArn, "arn:aws:iot:edge:000000000000:package/pa-fw");
        await refused("ConflictException", 409, call("CreatePackage", { packageName }));
        const version = await call("CreatePackageVersion", { packageName, versionName, attributes: { size: "10" }, artifact: { s3Location: { bucket: "b", key: "k" } } });
        assert.deepStrictEqual([version.status, version.attributes], ["DRAFT", { size: "10" }]);
        await refused("ConflictException", 409, call("CreatePackageVersion", { packageName, versionName }));
        await refused("ConflictException", 409, call("UpdatePackage", { packageName, defaultVersionName: versionName }));
        await refused("ConflictException", 409, call("UpdatePackageVersion", { packageName, versionName, action: "DEPRECATE" }));
        await call("UpdatePackageVersion", { packageName, versionName, attributes: { size: "11" }, action: "PUBLISH" });
        await refused("ConflictException", 409, call("UpdatePackageVersion", { packageName, versionName, attributes: { size: "12" } }));
        await call("UpdatePackage", { packageName, defaultVersionName: versionName });
        assert.strictEqual((await call("GetPackage", { packageName })).defaultVersionName, versionName);
        const got = await call("GetPackageVersion", { packageName, versionName });
        assert.deepStrictEqual([got.status, got.attributes, got.artifact.s3Location.key], ["PUBLISHED", { size: "11" }, "k"]);
        assert.deepStrictEqual(names((await call("ListPackageVersions", { packageName, status: "PUBLISHED" })).packageVersionSummaries, "versionName"), [versionName]);
        assert.ok(names((await call("ListPackages", {})).packageSummaries, "packageName").includes(packageName));
        await refused("ConflictException", 409, call("DeletePackage", { packageName }));
        await refused("ConflictException", 409, call("DeletePackageVersion", { packageName, versionName }));
        await call("UpdatePackage", { packageName, unsetDefaultVersion: true });
        await call("UpdatePackageVersion", { packageName, versionName, action: "DEPRECATE" });
        await call("DeletePackageVersion", { packageName, versionName });
        await call("DeletePackage", { packageName });
        await refused("ResourceNotFoundException", 404, call("GetPackage", { packageName }));
        """);

    [Fact]
    public Task Packages_ThatAJobInstalls_AreInTheShadowOfTheThing() => gateway.AwsSdkAsync(
        """
        const { IoTJobsDataPlaneClient, UpdateJobExecutionCommand } = require("@aws-sdk/client-iot-jobs-data-plane"), devices = new IoTJobsDataPlaneClient(options);
        const packageName = "pj-fw", arn = version => `arn:aws:iot:edge:000000000000:package/${packageName}/version/${version}`, targets = ["arn:aws:iot:edge:000000000000:thing/pj-lamp"];
        const shadow = async () => JSON.parse(Buffer.from((await dataCall("GetThingShadow", { thingName: "pj-lamp", shadowName: "$package" })).payload).toString()).state.reported;
        async function install(jobId, version) {
            await call("CreateJob", { jobId, targets, document: "{}", destinationPackageVersions: [arn(version)] });
            assert.deepStrictEqual((await call("DescribeJob", { jobId })).job.destinationPackageVersions, [arn(version)]);
            await devices.send(new UpdateJobExecutionCommand({ jobId, thingName: "pj-lamp", status: "SUCCEEDED" }));
        }
        async function until(holds) {
            for (const end = Date.now() + 60000; Date.now() < end; await new Promise(next => setTimeout(next, 20)))
                if (await holds().catch(() => false)) return;
            assert.fail(JSON.stringify(await shadow()));
        }
        await call("CreateThing", { thingName: "pj-lamp" });
        await call("CreatePackage", { packageName });
        for (const versionName of ["1.0.0", "2.0.0"])
            await call("CreatePackageVersion", { packageName, versionName, attributes: { size: versionName[0] } });
        await refused("InvalidRequestException", 400, call("CreateJob", { jobId: "pj-draft", targets, document: "{}", destinationPackageVersions: [arn("1.0.0")] }));
        await refused("ResourceNotFoundException", 404, call("CreateJob", { jobId: "pj-none", targets, document: "{}", destinationPackageVersions: [arn("9")] }));
        await refused("InvalidRequestException", 400, call("CreateJob", { jobId: "pj-odd", targets, document: "{}", destinationPackageVersions: ["arn:aws:iot:edge:000000000000:thing/x"] }));
        for (const versionName of ["1.0.0", "2.0.0"])
            await call("UpdatePackageVersion", { packageName, versionName, action: "PUBLISH" });

        assert.strictEqual((await call("GetPackageConfiguration", {})).versionUpdateByJobsConfig.enabled, false);
        await install("pj-unnoted", "1.0.0");
        await call("UpdatePackageConfiguration", { versionUpdateByJobsConfig: { enabled: true, roleArn: "arn:aws:iam::000000000000:role/any" } });
        assert.deepStrictEqual((await call("GetPackageConfiguration", {})).versionUpdateByJobsConfig, { enabled: true, roleArn: "arn:aws:iam::000000000000:role/any" });
        await install("pj-noted", "2.0.0");
        await until(async () => (await shadow())[packageName].version === "2.0.0");
        assert.deepStrictEqual(await shadow(), { [packageName]: { version: "2.0.0", attributes: { size: "2" } } });
        const queryString = "shadow.name.$package.reported.pj-fw.version:2.0.0";
        await until(async () => names((await call("SearchIndex", { queryString })).things, "thingName").includes("pj-lamp"));
        await install("pj-off", "$null");
        await until(async () => !(packageName in ((await shadow()) ?? {})));
        await call("UpdatePackageConfiguration", { versionUpdateByJobsConfig: { enabled: false } });
        """);

    [Fact]
    public Task Audits_FindWhatIsWrong() => gateway.PythonAsync(
        """
        import datetime
        permissive, weekly = "IOT_POLICY_OVERLY_PERMISSIVE_CHECK", "DEVICE_CERTIFICATE_EXPIRING_CHECK"
        refused("InvalidRequestException", 400, iot.start_on_demand_audit_task, targetCheckNames=[permissive])         # not enabled yet
        refused("InvalidRequestException", 400, iot.update_account_audit_configuration, auditCheckConfigurations={"CONFLICTING_CLIENT_IDS_CHECK": {"enabled": True}})
        iot.update_account_audit_configuration(roleArn="arn:aws:iam::000000000000:role/audit", auditCheckConfigurations={name: {"enabled": True} for name in (permissive, weekly, "LOGGING_DISABLED_CHECK", "DEVICE_CERTIFICATE_KEY_QUALITY_CHECK", "CA_CERTIFICATE_KEY_QUALITY_CHECK", "CA_CERTIFICATE_EXPIRING_CHECK")})
        configuration = iot.describe_account_audit_configuration()
        assert configuration["auditCheckConfigurations"][permissive] == {"enabled": True} and configuration["roleArn"].endswith("role/audit"), configuration
        iot.create_policy(policyName="au-wide", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:*", "Resource": "*"}]}))
        iot.create_policy(policyName="au-narrow", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:Connect", "Resource": "*"}]}))
        iot.create_keys_and_certificate(setAsActive=True)
        task = iot.start_on_demand_audit_task(targetCheckNames=[permissive, weekly, "DEVICE_CERTIFICATE_KEY_QUALITY_CHECK"])["taskId"]
        described = iot.describe_audit_task(taskId=task)
        assert (described["taskStatus"], described["taskType"], described["taskStatistics"]["totalChecks"]) == ("COMPLETED", "ON_DEMAND_AUDIT_TASK", 3), described
        assert described["auditDetails"][permissive]["checkRunStatus"] == "COMPLETED_NON_COMPLIANT" and described["auditDetails"]["DEVICE_CERTIFICATE_KEY_QUALITY_CHECK"]["checkCompliant"] is True, described
        findings = iot.list_audit_findings(taskId=task)["findings"]
        names = [finding["nonCompliantResource"]["resourceIdentifier"]["policyVersionIdentifier"]["policyName"] for finding in findings if finding["checkName"] == permissive]
        assert "au-wide" in names and "au-narrow" not in names, names
        assert iot.describe_audit_finding(findingId=findings[0]["findingId"])["finding"]["checkName"] == findings[0]["checkName"]
        page = iot.list_audit_findings(taskId=task, maxResults=1)
        assert len(page["findings"]) == 1 and (len(findings) == 1 or iot.list_audit_findings(taskId=task, maxResults=1, nextToken=page["nextToken"])["findings"][0]["findingId"] == findings[1]["findingId"])
        now = datetime.datetime.now(datetime.timezone.utc)
        day = datetime.timedelta(days=1)
        assert task in [item["taskId"] for item in iot.list_audit_tasks(startTime=now - day, endTime=now + day)["tasks"]]
        assert iot.list_audit_tasks(startTime=now - 2 * day, endTime=now - day)["tasks"] == []
        refused("InvalidRequestException", 400, iot.cancel_audit_task, taskId=task)
        refused("ResourceNotFoundException", 404, iot.describe_audit_task, taskId="0" * 32)

        arn = iot.create_scheduled_audit(scheduledAuditName="au-weekly", frequency="WEEKLY", dayOfWeek="MON", targetCheckNames=[weekly])["scheduledAuditArn"]
        assert arn == "arn:aws:iot:edge:000000000000:scheduledaudit/au-weekly"
        refused("ResourceAlreadyExistsException", 409, iot.create_scheduled_audit, scheduledAuditName="au-weekly", frequency="DAILY", targetCheckNames=[weekly])
        refused("InvalidRequestException", 400, iot.create_scheduled_audit, scheduledAuditName="au-x", frequency="MONTHLY", targetCheckNames=[weekly])
        iot.update_scheduled_audit(scheduledAuditName="au-weekly", frequency="MONTHLY", dayOfMonth="LAST")
        described = iot.describe_scheduled_audit(scheduledAuditName="au-weekly")
        assert (described["frequency"], described["dayOfMonth"], described["targetCheckNames"]) == ("MONTHLY", "LAST", [weekly]), described
        assert [item["scheduledAuditName"] for item in iot.list_scheduled_audits()["scheduledAudits"]] == ["au-weekly"]
        iot.delete_scheduled_audit(scheduledAuditName="au-weekly")
        refused("ResourceNotFoundException", 404, iot.describe_scheduled_audit, scheduledAuditName="au-weekly")
        iot.delete_account_audit_configuration()
        assert iot.describe_account_audit_configuration()["auditCheckConfigurations"][permissive] == {"enabled": False}
        """);
}
